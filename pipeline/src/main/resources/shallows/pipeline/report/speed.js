// Accuracy against milliseconds: the files, each in its own runtime, one image at a time.

/** An axis of doublings, as that of bytes. */
const toDoublings = (milliseconds) => Math.log2(milliseconds);

const millisecondsText = (value) => String(Number((2 ** value).toPrecision(3))) + "\u00a0ms";

charts.speed = function (report, look) {
  const found = report.verification;
  const files = tradeoffPoints(report, look).filter((point) => !point.network);
  const points = spotted(files.map((point) => Object.assign(point, { along: point.latency })), look);
  const floor = Math.max(0, (found.originalAccuracy ?? found.expectationAccuracy) - found.maxDrop / 100);
  const y = accuracyAxis(points.map((point) => point.accuracy).concat(floor));
  const times = points.map((point) => toDoublings(point.along));
  const x = { min: Math.floor(Math.min(...times) - 0.3), max: Math.ceil(Math.max(...times) + 0.3) };
  const box = { left: 58, top: 30, right: look.width - 12, bottom: look.height - 46 };
  for (const point of points) {
    point.x = box.left + (box.right - box.left) * (toDoublings(point.along) - x.min) / (x.max - x.min);
    point.y = box.bottom - (box.bottom - box.top) * (point.accuracy - y.min) / (y.max - y.min);
  }
  const floorY = box.bottom - (box.bottom - box.top) * (floor - y.min) / (y.max - y.min);
  const floorText = look.isSmall ? percentText(floor) : "passes from " + percentText(floor);
  const floorPlace = freePlace(points, [], box, floorY, floorText);
  placeLabels(points, [floorPlace.box, { left: box.left, right: box.right, top: floorY - 2, bottom: floorY + 2, line: true }], box);

  const option = baseOption(look);
  option.grid = { left: box.left, right: look.width - box.right, top: box.top, bottom: look.height - box.bottom };
  option.xAxis = valueAxis(look, Object.assign(x, {
    interval: 1,
    name: look.isSmall ? "milliseconds, doubling" : "milliseconds for one image; each step doubles them",
    nameLocation: "middle",
    nameGap: 30,
    axisLabel: { color: look.faint, fontSize: 12, alignMaxLabel: "right",
      formatter: millisecondsText },
    axisLine: { show: true, lineStyle: { color: look.line } },
  }));
  option.yAxis = accuracyScale(look, y);
  option.title = [panelTitle(look, "accuracy", 8, 4)];
  option.series = [pointSeries(points, look, toDoublings, (point) => [
    ["latency, median", threeDigits(point.latency) + "\u00a0ms"],
    ["accuracy", percentText(point.accuracy)],
    ["file size", bytesText(point.bytes)],
    ["rejected", point.rejected ? point.reason : ""]])];
  // A line belongs to a series: that of the points has none of its own.
  option.series[0].markLine = floorLineOf(look, floor, floorPlace.position, floorText);
  return option;
};
