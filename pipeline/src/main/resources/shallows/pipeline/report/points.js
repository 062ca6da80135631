// The networks and files as points of a chart, and what charts of accuracy have in common.

/**
 * Where bytes or milliseconds (along) are within 12 % and accuracies within 0.15 points, marks cover
 * each other. Those of different networks never share a label: it would say that they are one.
 */
function sameSpot(a, b) {
  return a.of === b.of && Math.abs(Math.log(a.along / b.along)) < 0.12 && Math.abs(a.accuracy - b.accuracy) < 0.0015;
}

const FORMATS = { onnx: "ONNX", tflite: "TFLite" };

/** Of another size of a family its name. */
function networkOf(file, family) {
  return file.network === "full" || !family || file.member === family.chosen ? file.network : file.member;
}

function tradeoffPoints(report, look) {
  const found = report.verification;
  const network = (of, name, label, from, accuracy, color) => (
    { of, name, label, bytes: from.bytes, along: from.bytes, accuracy, symbol: "circle", size: 15, color, network: true });
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
        along: file.bytes,
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

/** A scale for these accuracies, with a little room, in steps that people read easily. */
function accuracyAxis(accuracies) {
  const low = Math.min(...accuracies);
  const high = Math.max(...accuracies);
  const room = Math.max(high - low, 0.004);
  const interval = room > 0.1 ? 0.05 : room > 0.04 ? 0.02 : room > 0.012 ? 0.01 : 0.005;
  return { interval, min: Math.max(0, Math.floor((low - room * 0.12) / interval) * interval),
    max: Math.min(1, Math.ceil((high + room * 0.06) / interval) * interval) };
}

function accuracyScale(look, scale) {
  return valueAxis(look, Object.assign({}, scale, {
    axisLabel: { color: look.faint, fontSize: 12,
      formatter: (value) => percentText(value, scale.interval < 0.01 ? 1 : 0) },
  }));
}

/** The line below which files fail. */
function floorLineOf(look, floor, position, text) {
  return {
    silent: true,
    symbol: "none",
    // ECharts rounds the place of a line to two decimals, a whole point of accuracy, unless told.
    precision: 6,
    lineStyle: { color: look.bad, type: "dashed", width: 1.2, opacity: 0.8 },
    label: { position, color: look.bad, fontSize: 12, formatter: text },
    data: [{ yAxis: floor }],
  };
}

/**
 * The points with their labels.
 *
 * @param toX from a point's along to the axis
 * @param rows what the tooltip says of a point
 */
function pointSeries(points, look, toX, rows) {
  return {
    type: "scatter",
    z: 4,
    data: points.map((point) => ({
      value: [toX(point.along), point.accuracy],
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
      .map((point) => tip(point.name, rows(point)))
      .join("<div style=\"height:8px\"></div>") },
  };
}
