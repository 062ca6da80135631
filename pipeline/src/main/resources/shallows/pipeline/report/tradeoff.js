// Accuracy against bytes: the full network, the way down, the pruned network, the files.

/** Diameter of a member of a family on their line. */
const FAMILY_MARK = 8;

/** Axes whose steps are doublings: people read 100, 200, 400 KB more easily than decades. */
const STEP_OF = 1e5;
const toAxis = (bytes) => Math.log2(bytes / STEP_OF);
const fromAxis = (value) => STEP_OF * 2 ** value;

charts.tradeoff = function (report, look) {
  const found = report.verification;
  const points = spotted(tradeoffPoints(report, look), look);
  const steps = report.plan.blocks.length > 0 ? report.plan.curve : [];
  // Files are compared with somebody else's network as it came, where there is one.
  const floor = Math.max(0, (found.originalAccuracy ?? found.expectationAccuracy) - found.maxDrop / 100);
  const family = (report.family ? report.family.members : []).map(({ name, summary }) => (
    { name, bytes: summary.bytes, accuracy: found.family[name], budget: summary.budget }));
  const y = accuracyAxis(points.concat(steps, family).map((p) => p.accuracy).concat(floor));
  const sizes = points.concat(steps, family).map((p) => toAxis(p.bytes));
  // Whole steps are labelled; the axis may begin and end at half ones.
  const x = { min: Math.floor(2 * Math.min(...sizes) - 0.4) / 2, max: Math.ceil(2 * Math.max(...sizes) + 0.4) / 2 };
  const whole = (value) => Math.abs(value - Math.round(value)) < 0.01;
  const every = x.max - x.min > (look.isSmall ? 5 : 9) ? 2 : 1;

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
  // The sizes of a family have names that people know them by, so these find their places before the files'.
  for (const member of family) {
    Object.assign(member, { x: pixelX(member.bytes), y: pixelY(member.accuracy), size: FAMILY_MARK,
      text: [{ text: member.name }], early: true });
  }
  placeLabels(family.concat(points), curve.concat(floorLine, floorPlace.box), box);

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
  option.yAxis = accuracyScale(look, y);
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
      markLine: floorLineOf(look, floor, floorPlace.position, floorText),
    },
    {
      type: "line",
      data: family.map((member) => ({ value: [toAxis(member.bytes), member.accuracy],
        label: { show: Boolean(member.text), position: member.side, color: look.soft, fontSize: 12, formatter: member.name } })),
      lineStyle: { color: look.keep, width: 2 },
      itemStyle: { color: look.keep },
      symbol: "circle",
      symbolSize: FAMILY_MARK,
      z: 3,
      tooltip: { formatter: ({ dataIndex }) => tip(family[dataIndex].name,
        [["bytes of the budget", bytesText(family[dataIndex].bytes)],
          ["accuracy", percentText(family[dataIndex].accuracy)],
          ["budget", family[dataIndex].budget], ["measured on", test]]) },
    },
    pointSeries(points, look, toAxis, (point) => [["file size", bytesText(point.bytes)],
      ["accuracy", percentText(point.accuracy)],
      ["latency, median", point.latency === undefined ? "" : threeDigits(point.latency) + "\u00a0ms"],
      ["rejected", point.rejected ? point.reason : ""],
      ["measured on", test]]),
  ];
  return option;
};
