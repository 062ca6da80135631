// Error against the survival probability of the last block, and beside it how far each network can be cut.

/** The values of one line by x: mean, least and most over the seeds. */
function spreads(points, value) {
  const by = new Map();
  for (const point of points) {
    const found = value(point);
    if (found !== undefined) {
      by.set(point.last, (by.get(point.last) || []).concat(found));
    }
  }
  return [...by].sort(([a], [b]) => a - b).map(([x, found]) => ({ x,
    mean: found.reduce((sum, one) => sum + one, 0) / found.length,
    least: Math.min(...found), most: Math.max(...found), seeds: found.length }));
}

charts.sweep = function (data, look) {
  const networks = [...new Set(data.points.map((point) => point.network))];
  const schedules = [...new Set(data.points.map((point) => point.survival.split(":")[0]))];
  const drops = [...new Set(data.points.flatMap((point) => point.cuts.map((cut) => cut.maxDrop)))];
  const colors = [look.keep, look.binarize, look.full, look.drop, look.train, look.bad];
  const option = baseOption(look);
  option.grid = look.isSmall
    ? [{ left: 52, right: 14, top: 56, height: 130 }, { left: 52, right: 14, top: 256, height: 130 }]
    : [{ left: 56, right: "54%", top: 62, bottom: 48 }, { left: "54%", right: 16, top: 62, bottom: 48 }];
  option.title = [panelTitle(look, "test error at full depth", 8, 30),
    panelTitle(look, "work that can be dropped", look.isSmall ? 8 : "50%", look.isSmall ? 232 : 30)];
  option.legend = { top: 0, left: 8, itemGap: 16, textStyle: { color: look.soft, fontSize: 12.5 } };
  const xAxis = (gridIndex) => valueAxis(look, { gridIndex, min: 0, max: 1, interval: 0.2,
    name: "survival probability of the last block", nameLocation: "middle", nameGap: 28,
    splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: look.line } } });
  const yAxis = (gridIndex, more) => valueAxis(look, Object.assign({ gridIndex, splitNumber: 5,
    axisLabel: { color: look.faint, fontSize: 12, formatter: (v) => percentText(v, 1) } }, more));
  option.xAxis = [xAxis(0), xAxis(1)];
  option.yAxis = [yAxis(0, { scale: true }), yAxis(1, { min: 0 })];
  option.series = [];
  const dashes = ["solid", "dashed", "dotted"];
  function line(panel, name, color, dash, found) {
    const tooltip = { formatter: ({ data: item }) => tip(name, [
      ["p_L", item.spread.x.toFixed(2)], ["mean", percentText(item.spread.mean, 2)],
      ["least to most", percentText(item.spread.least, 2) + " to " + percentText(item.spread.most, 2)],
      ["seeds", item.spread.seeds]]) };
    option.series.push(
      { type: "line", name, xAxisIndex: panel, yAxisIndex: panel, symbol: "circle", symbolSize: 8,
        lineStyle: { color, width: 2, type: dash }, itemStyle: { color }, tooltip,
        data: found.map((spread) => ({ value: [spread.x, spread.mean], spread })) },
      { type: "custom", name, xAxisIndex: panel, yAxisIndex: panel, renderItem: errorBar(look, 4),
        encode: { x: 0, y: [1, 2] }, itemStyle: { color }, tooltip, z: 1,
        data: found.map((spread) => ({ value: [spread.x, spread.least, spread.most], spread })) });
  }
  networks.forEach((network, n) => schedules.forEach((schedule, s) => {
    const color = colors[(n * schedules.length + s) % colors.length];
    const own = data.points.filter((point) => point.network === network
      && point.survival.split(":")[0] === schedule);
    const name = network + (schedules.length > 1 ? ", " + schedule : "");
    if (own.length > 0) {
      line(0, name, color, "solid", spreads(own, (point) => point.error));
      drops.forEach((drop, d) => line(1, name + ", " + drop + " points", color, dashes[d % dashes.length],
        spreads(own, (point) => {
          const cut = point.cuts.find((one) => one.maxDrop === drop);
          return cut && 1 - cut.found.macs / point.macs;
        })));
    }
  }));
  return option;
};
