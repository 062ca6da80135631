// Accuracy against bytes: the full network, the way down, the pruned network, the files.

/**
 * Where bytes are within 12 % and accuracies within 0.15 points, marks cover each other. Those of
 * different networks never share a label: it would say that they are one.
 */
function sameSpot(a, b) {
  return a.of === b.of && Math.abs(Math.log(a.bytes / b.bytes)) < 0.12 && Math.abs(a.accuracy - b.accuracy) < 0.0015;
}

const FORMATS = { onnx: "ONNX", tflite: "TFLite" };

/** Of another size of a family its name. */
function networkOf(file, family) {
  return file.network === "full" || !family || file.member === family.chosen ? file.network : file.member;
}

function tradeoffPoints(report, look) {
  const found = report.verification;
  const network = (of, name, label, from, accuracy, color) => (
    { of, name, label, bytes: from.bytes, accuracy, symbol: "circle", size: 15, color, network: true });
  const tuned = report.fineTuning.length > 0;
  const points = [
    network("full", "full network", "full network", report.full, found.expectationAccuracy, look.full),
    network("pruned", tuned ? "pruned and fine-tuned" : "pruned", "pruned", report.pruned, found.prunedAccuracy, look.keep),
  ];
  const checks = new Map(found.files.map((check) => [check.file, check]));
  for (const file of report.export.files) {
    const check = checks.get(file.file);
    // A file that its runtime refused has no accuracy, so no place here.
    if (check.accuracy !== null) {
      const of = networkOf(file, report.family);
      points.push({
        of,
        name: file.file,
        kind: (of === "pruned" ? "" : of + " ") + file.precision,
        format: FORMATS[file.format],
        bytes: file.bytes,
        accuracy: check.accuracy,
        symbol: file.format === "tflite" ? "triangle" : "rect",
        hollow: file.format !== "tflite",
        size: 11,
        color: !check.passed ? look.bad : of === "full" ? look.full : look.keep,
        latency: check.latencyMs.median,
        rejected: !check.passed,
        reason: check.reason,
      });
    }
  }
  return points;
}

/** The lines of a label for points on one spot: networks, then the precisions with their formats. */
function labelLines(spot, look) {
  const lines = spot.filter((point) => point.network)
    .map((point) => ({ text: point.label, strong: true }));
  const onNetwork = lines.length > 0;
  const files = spot.filter((point) => !point.network);
  for (const kind of new Set(files.map((file) => file.kind))) {
    const formats = files.filter((file) => file.kind === kind).map((file) => file.format);
    // On a phone the mark alone says the format.
    lines.push({ text: (onNetwork ? kind.replace("full ", "") : kind)
      + (look.isSmall ? "" : " " + formats.join(", ")) });
  }
  return lines;
}

/** One label for each spot, on its first point; a file under the mark of its network is not drawn. */
function spotted(points, look) {
  const spots = [];
  for (const point of points) {
    const spot = point.rejected ? undefined
      : spots.find(([first]) => !first.rejected && sameSpot(first, point));
    if (spot) {
      spot.push(point);
    } else {
      spots.push([point]);
    }
  }
  return spots.flatMap((spot) => {
    spot[0].text = labelLines(spot, look);
    spot[0].spot = spot;
    return spot[0].network ? spot.filter((point) => point.network) : spot;
  });
}

/** Diameter of a member of a family on their line. */
const FAMILY_MARK = 8;

/** Axes whose steps are doublings: people read 100, 200, 400 KB more easily than decades. */
const STEP_OF = 1e5;
const toAxis = (bytes) => Math.log2(bytes / STEP_OF);
const fromAxis = (value) => STEP_OF * 2 ** value;

charts.tradeoff = function (report, look) {
  const found = report.verification;
  const points = spotted(tradeoffPoints(report, look), look);
  const steps = report.plan.curve;
  // Files are compared with somebody else's network as it came, where there is one.
  const floor = Math.max(0, (found.originalAccuracy ?? found.expectationAccuracy) - found.maxDrop / 100);
  const family = (report.family ? report.family.members : []).map(({ name, summary }) => (
    { name, bytes: summary.bytes, accuracy: found.family[name], budget: summary.budget }));
  const accuracies = points.concat(steps, family).map((p) => p.accuracy).concat(floor);
  const low = Math.min(...accuracies);
  const high = Math.max(...accuracies);
  const room = Math.max(high - low, 0.004);
  const sizes = points.concat(steps, family).map((p) => toAxis(p.bytes));
  // Whole steps are labelled; the axis may begin and end at half ones.
  const x = { min: Math.floor(2 * Math.min(...sizes) - 0.4) / 2, max: Math.ceil(2 * Math.max(...sizes) + 0.4) / 2 };
  const whole = (value) => Math.abs(value - Math.round(value)) < 0.01;
  const every = x.max - x.min > (look.isSmall ? 5 : 9) ? 2 : 1;
  const unit = room > 0.1 ? 0.05 : room > 0.04 ? 0.02 : room > 0.012 ? 0.01 : 0.005;
  const y = { min: Math.max(0, Math.floor((low - room * 0.12) / unit) * unit),
    max: Math.min(1, Math.ceil((high + room * 0.06) / unit) * unit) };

  const box = { left: 58, top: 30, right: look.width - 12, bottom: look.height - 46 };
  const pixelX = (bytes) => box.left + (box.right - box.left) * (toAxis(bytes) - x.min) / (x.max - x.min);
  const pixelY = (accuracy) => box.bottom - (box.bottom - box.top) * (accuracy - y.min) / (y.max - y.min);
  for (const point of points) {
    point.x = pixelX(point.bytes);
    point.y = pixelY(point.accuracy);
  }
  const floorText = look.isSmall ? percentText(floor) : "passes from " + percentText(floor);
  const curve = steps.map((step) => ({ left: pixelX(step.bytes) - 8, right: pixelX(step.bytes) + 8,
    top: pixelY(step.accuracy) - 6, bottom: pixelY(step.accuracy) + 6, line: true }));
  const floorLine = { left: box.left, right: box.right, top: pixelY(floor) - 2,
    bottom: pixelY(floor) + 2, line: true };
  const floorPlace = freePlace(points, curve, box, pixelY(floor), floorText);
  const names = family.map((member) => labelBox({ x: pixelX(member.bytes), y: pixelY(member.accuracy),
    size: FAMILY_MARK, text: [{ text: member.name }] }, "bottom"));
  placeLabels(points, curve.concat(floorLine, floorPlace.box, names), box);

  const option = baseOption(look);
  option.grid = { left: box.left, right: look.width - box.right, top: box.top,
    bottom: look.height - box.bottom };
  option.xAxis = valueAxis(look, Object.assign(x, {
    interval: 0.5,
    name: look.isSmall ? "bytes, doubling" : "bytes of a file"
      + (steps.length > 0 ? ", on the dotted line of the weights" : "") + "; each step doubles them",
    nameLocation: "middle",
    nameGap: 30,
    axisLabel: { color: look.faint, fontSize: 12, alignMaxLabel: "right",
      formatter: (value) => (whole(value) && Math.round(value) % every === 0 ? roundBytesText(fromAxis(value)) : "") },
    splitLine: { lineStyle: { color: whole(x.min) ? [look.grid, "transparent"] : ["transparent", look.grid] } },
    axisLine: { show: true, lineStyle: { color: look.line } },
  }));
  option.yAxis = valueAxis(look, Object.assign(y, {
    interval: unit,
    axisLabel: { color: look.faint, fontSize: 12,
      formatter: (value) => percentText(value, unit < 0.01 ? 1 : 0) },
  }));
  option.title = [panelTitle(look, "accuracy", 8, 4)];
  const test = found.images.count.toLocaleString("en") + " test images";
  option.series = [
    {
      type: "line",
      data: steps.map((step) => [toAxis(step.bytes), step.accuracy]),
      lineStyle: { color: look.soft, width: 2, type: "dotted" },
      itemStyle: { color: look.soft },
      symbol: "circle",
      symbolSize: 6,
      z: 2,
      tooltip: { formatter: ({ dataIndex }) => {
        const step = steps[dataIndex];
        return tip(step.block === null ? "full depth" : "without " + step.block, [["weights, before fine-tuning", bytesText(step.bytes)],
          ["accuracy", percentText(step.accuracy)], ["blocks left", report.plan.blocks.length - dataIndex],
          ["measured on", report.run.images["held-out"].count.toLocaleString("en") + " held-out images"]]);
      } },
      markLine: {
        silent: true,
        symbol: "none",
        // ECharts rounds the place of a line to two decimals, a whole point of accuracy, unless told.
        precision: 6,
        lineStyle: { color: look.bad, type: "dashed", width: 1.2, opacity: 0.8 },
        label: { position: floorPlace.position, color: look.bad, fontSize: 12, formatter: floorText },
        data: [{ yAxis: floor }],
      },
    },
    {
      type: "line",
      data: family.map((member) => [toAxis(member.bytes), member.accuracy]),
      lineStyle: { color: look.keep, width: 2 },
      itemStyle: { color: look.keep },
      symbol: "circle",
      symbolSize: FAMILY_MARK,
      z: 3,
      label: { show: true, position: "bottom", color: look.soft, fontSize: 12,
        formatter: ({ dataIndex }) => family[dataIndex].name },
      tooltip: { formatter: ({ dataIndex }) => tip(family[dataIndex].name,
        [["bytes of the budget", bytesText(family[dataIndex].bytes)],
          ["accuracy", percentText(family[dataIndex].accuracy)],
          ["budget", family[dataIndex].budget], ["measured on", test]]) },
    },
    {
      type: "scatter",
      z: 4,
      data: points.map((point) => ({
        value: [toAxis(point.bytes), point.accuracy],
        symbol: point.symbol,
        symbolSize: point.size,
        itemStyle: { color: point.hollow ? look.card : point.color, borderColor: point.color,
          borderWidth: point.hollow ? 2 : 0, opacity: 1 },
        label: {
          show: Boolean(point.text),
          formatter: (point.text || []).map((line) => "{" + (line.strong ? "strong" : "plain") + "|"
            + line.text.replace(/[{}|]/g, " ") + "}").join("\n"),
          position: point.side,
          distance: 6,
          align: { right: "left", left: "right" }[point.side] || "center",
          rich: {
            plain: { color: look.soft, fontSize: 12, lineHeight: LINE_HEIGHT },
            strong: { color: look.ink, fontSize: 12.5, fontWeight: 600, lineHeight: LINE_HEIGHT },
          },
        },
      })),
      tooltip: { formatter: ({ dataIndex }) => (points[dataIndex].spot || [points[dataIndex]])
        .map((point) => tip(point.name, [["file size", bytesText(point.bytes)],
          ["accuracy", percentText(point.accuracy)],
          ["latency, median", point.latency === undefined ? "" : threeDigits(point.latency) + "\u00a0ms"],
          ["rejected", point.rejected ? point.reason : ""],
          ["measured on", test]]))
        .join("<div style=\"height:8px\"></div>") },
    },
  ];
  return option;
};
