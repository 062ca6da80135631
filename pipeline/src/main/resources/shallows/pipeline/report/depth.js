// Survival probability and the worth of each block, from stem to classifier.

function stageOf(name) {
  return name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : "";
}

function blockNumber(name) {
  const digits = /(\d+)$/.exec(name);
  return digits ? String(Number(digits[1])) : name;
}

/** Every other stage is shaded, and each bears its name. */
function stageAreas(rows, look, named) {
  const areas = [];
  rows.forEach((row, i) => {
    const stage = stageOf(row.name);
    const last = areas[areas.length - 1];
    if (last && last.stage === stage) {
      last.end = i;
    } else {
      areas.push({ stage, start: i, end: i });
    }
  });
  return {
    silent: true,
    data: areas.map((area, i) => [
      { xAxis: area.start - 0.5, name: named ? area.stage : "",
        itemStyle: { color: look.grid, opacity: i % 2 === 0 ? 0.55 : 0 },
        label: { position: "insideTop", distance: 6, color: look.faint, fontSize: 12 } },
      { xAxis: area.end + 0.5 },
    ]),
  };
}

charts.depth = function (data, look) {
  const decisions = new Map(data.plan.blocks.map((block) => [block.name, block]));
  const rows = data.survival.blocks.map((row) => Object.assign({ decision: "keep" },
    decisions.get(row.name), row));
  const color = (row) => look[row.decision];
  const shift = 0.17;
  const withEffect = rows.map((row, i) => ({ row, i })).filter(({ row }) => row.effect !== null);
  const withLoo = rows.map((row, i) => ({ row, i })).filter(({ row }) => row.leaveOneOut !== null);
  const cap = Math.max(2, Math.min(5, look.width / rows.length / 9));
  const every = Math.ceil(rows.length / (look.isSmall ? 16 : 40));

  const option = baseOption(look);
  const upper = look.isSmall ? 92 : 104;
  option.title = [panelTitle(look, "survival probability", 8, 4),
    panelTitle(look, "rise of the loss without the block", 8, upper + 66)];
  option.grid = [
    { left: 62, right: 8, top: 30, height: upper },
    { left: 62, right: 8, top: upper + 94, bottom: 24 },
  ];
  const xAxis = (gridIndex) => valueAxis(look, {
    gridIndex, min: -0.5, max: rows.length - 0.5, interval: 1, splitLine: { show: false },
    axisLabel: { show: false },
  });
  option.xAxis = [xAxis(0), xAxis(1)];
  // Points are shifted beside their block's place, which an axis of categories cannot do; its labels
  // can stand in the middle of each place, which a value axis from −0.5 cannot do. So there are both.
  option.xAxis.push({
    gridIndex: 1, type: "category", position: "bottom", data: rows.map((row) => blockNumber(row.name)),
    axisLine: { show: false }, axisTick: { show: false },
    axisLabel: { color: look.faint, fontSize: look.isSmall ? 10.5 : 12, interval: (i) => i % every === 0 },
  });
  option.yAxis = [
    valueAxis(look, { gridIndex: 0, min: 0, max: 1, interval: 0.5,
      axisLabel: { color: look.faint, fontSize: 12, formatter: (v) => v.toFixed(1) } }),
    valueAxis(look, { gridIndex: 1, scale: true, splitNumber: 5,
      axisLabel: { color: look.faint, fontSize: 12, formatter: (v) => String(+v.toFixed(4)).replace("-", "\u2212") } }),
  ];
  const tooltip = { formatter: ({ data: item }) => {
    const row = rows[item.row];
    const error = row.standardError === null ? "" : " ± " + signedText(1.96 * row.standardError);
    return tip(row.name, [["decision", row.decision], ["survival", row.survival.toFixed(2)],
      ["steps on / off", row.on.toLocaleString("en") + " / " + row.off.toLocaleString("en")],
      ["effect, training steps", row.effect === null ? "" : signedText(row.effect) + error],
      ["leave-one-out, held-out", row.leaveOneOut === null ? "" : signedText(row.leaveOneOut)
        + (row.leaveOneOutError === null ? "" : " ± " + signedText(1.96 * row.leaveOneOutError))],
      ["second-order score", row.secondOrder === null ? "" : signedText(row.secondOrder)],
      ["Taylor score", row.taylor === null ? "" : signedText(row.taylor)],
      ["mean |weight|", row.l1 === null ? "" : signedText(row.l1)],
      ["mean |γ|", row.gamma === null ? "" : signedText(row.gamma)]]);
  } };
  const zero = { silent: true, symbol: "none", label: { show: false },
    lineStyle: { color: look.soft, type: "solid", width: 1 }, data: [{ yAxis: 0 }] };
  option.series = [
    {
      type: "custom", xAxisIndex: 0, yAxisIndex: 0, tooltip, markArea: stageAreas(rows, look, false),
      renderItem(params, api) {
        const foot = api.coord([api.value(0), 0]);
        const head = api.coord([api.value(0), api.value(1)]);
        const width = Math.min(22, api.size([1, 0])[0] * 0.56);
        const dropped = rows[params.dataIndex].decision === "drop";
        return { type: "rect", style: dropped
          ? { fill: look.card, stroke: api.visual("color"), lineWidth: 1.5, lineDash: [3, 3] }
          : { fill: api.visual("color") },
          shape: { x: head[0] - width / 2, y: head[1], width, height: foot[1] - head[1], r: [3, 3, 0, 0] } };
      },
      data: rows.map((row, i) => ({ value: [i, row.survival], row: i, itemStyle: { color: color(row) } })),
    },
    {
      type: "custom", xAxisIndex: 1, yAxisIndex: 1, renderItem: errorBar(look, cap), tooltip, z: 2,
      encode: { x: 0, y: [1, 2] }, markArea: stageAreas(rows, look, true), markLine: zero,
      data: withEffect.filter(({ row }) => row.standardError !== null).map(({ row, i }) => ({
        value: [i - shift, row.effect - 1.96 * row.standardError, row.effect + 1.96 * row.standardError],
        row: i, itemStyle: { color: color(row) } })),
    },
    {
      type: "custom", xAxisIndex: 1, yAxisIndex: 1, renderItem: errorBar(look, cap), tooltip, z: 2,
      encode: { x: 0, y: [1, 2] },
      data: withLoo.filter(({ row }) => row.leaveOneOutError !== null).map(({ row, i }) => ({
        value: [i + shift, row.leaveOneOut - 1.96 * row.leaveOneOutError,
          row.leaveOneOut + 1.96 * row.leaveOneOutError],
        row: i, itemStyle: { color: color(row), opacity: 0.6 } })),
    },
    {
      type: "scatter", xAxisIndex: 1, yAxisIndex: 1, symbol: "circle", symbolSize: look.isSmall ? 7 : 10, z: 3, tooltip,
      data: withEffect.map(({ row, i }) => ({ value: [i - shift, row.effect], row: i,
        itemStyle: { color: color(row), opacity: 1 } })),
    },
    {
      type: "scatter", xAxisIndex: 1, yAxisIndex: 1, symbol: "diamond", symbolSize: look.isSmall ? 8 : 11, z: 3, tooltip,
      data: withLoo.map(({ row, i }) => ({ value: [i + shift, row.leaveOneOut], row: i,
        itemStyle: { color: look.card, borderColor: color(row), borderWidth: 2, opacity: 1 } })),
    },
  ];
  return option;
};
