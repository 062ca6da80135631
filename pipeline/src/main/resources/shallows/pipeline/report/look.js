"use strict";
// How charts look and how they write numbers. Colours are those of page.css, read when drawing.

const charts = {};

function readLook(element) {
  const style = getComputedStyle(document.documentElement);
  const look = { font: getComputedStyle(document.body).fontFamily };
  for (const name of ["page", "card", "ink", "soft", "faint", "line", "grid", "keep", "narrow",
      "linear", "scale", "binarize", "drop", "full", "good", "bad", "train"]) {
    look[name] = style.getPropertyValue("--" + name).trim();
  }
  look.width = element.clientWidth;
  look.height = element.clientHeight;
  look.isSmall = element.clientWidth < 560;
  return look;
}

/** The parts of an option that all charts share. */
function baseOption(look) {
  return {
    animation: false,
    textStyle: { fontFamily: look.font, color: look.soft },
    tooltip: {
      confine: true,
      backgroundColor: look.card,
      borderColor: look.line,
      borderWidth: 1,
      padding: [8, 12],
      textStyle: { color: look.ink, fontSize: 13 },
      extraCssText: "box-shadow:0 4px 18px rgba(0,0,0,.14);max-width:320px;white-space:normal",
    },
  };
}

function valueAxis(look, more) {
  return Object.assign({
    type: "value",
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: look.faint, fontSize: 12 },
    splitLine: { lineStyle: { color: look.grid } },
    nameTextStyle: { color: look.faint, fontSize: 12 },
  }, more);
}

function panelTitle(look, text, left, top) {
  // Without a height of its own a line is as high as a Chinese character is wide, if any font has one.
  return { text, left, top, padding: 0,
    textStyle: { color: look.soft, fontSize: 13, lineHeight: 13, fontWeight: 500 } };
}

const escaped = (text) => echarts.format.encodeHTML(String(text));

/** A tooltip: a heading and rows of name and value. */
function tip(heading, rows) {
  return "<b>" + escaped(heading) + "</b>" + rows
    .filter((row) => row[1] !== "")
    .map(([name, value]) => "<div style=\"display:flex;gap:18px;justify-content:space-between\"><span>"
      + escaped(name) + "</span><span style=\"font-variant-numeric:tabular-nums\">"
      + escaped(value) + "</span></div>")
    .join("");
}

function threeDigits(value) {
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

function bytesText(bytes) {
  let unit = 0;
  while (bytes >= 999.5 && unit < 3) {
    bytes /= 1000;
    unit++;
  }
  return (unit === 0 ? bytes.toFixed(0) : threeDigits(bytes)) + "\u00a0" + ["B", "KB", "MB", "GB"][unit];
}

/** For axes, where 100 KB needs no decimals. */
const roundBytesText = (bytes) => bytesText(bytes).replace(/(\.\d*?)0+(?=\u00a0)/,
  (zeros, kept) => (kept === "." ? "" : kept));

/** Shares of a round number of images end in exact halves, which binary numbers miss: hence 1e-9. */
const percentText = (fraction, decimals = 1) => (100 * fraction + 1e-9).toFixed(decimals) + "\u00a0%";

const signedText = (value, decimals = 4) => value.toFixed(decimals).replace("-", "\u2212");
