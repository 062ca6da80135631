// Loss and accuracy by epoch: of a new classifier alone, of all layers, then of fine-tuning.

charts.training = function (data, look) {
  const { training, fineTuning } = data;
  const ended = training.length ? training[training.length - 1].epoch : 0;
  const option = baseOption(look);
  const curve = (epochs, member, start) => epochs
    .filter((epoch) => epoch[member] !== null)
    .map((epoch) => [start + epoch.epoch, epoch[member]]);
  const last = ended + (fineTuning.length ? fineTuning[fineTuning.length - 1].epoch : 0);

  option.grid = look.isSmall
    ? [{ left: 48, right: 12, top: 30, height: 168 }, { left: 48, right: 12, top: 270, height: 168 }]
    : [{ left: 48, right: "53%", top: 30, bottom: 42 }, { left: "54%", right: 14, top: 30, bottom: 42 }];
  option.title = look.isSmall
    ? [panelTitle(look, "loss", 8, 4), panelTitle(look, "held-out accuracy", 8, 244)]
    : [panelTitle(look, "loss", 8, 4), panelTitle(look, "held-out accuracy", "50%", 4)];
  const xAxis = (gridIndex) => valueAxis(look, {
    gridIndex, min: 1, max: Math.max(2, last), minInterval: 1, name: "epoch", nameLocation: "middle", nameGap: 26,
    splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: look.line } },
  });
  option.xAxis = [xAxis(0), xAxis(1)];
  option.yAxis = [
    valueAxis(look, { gridIndex: 0, scale: true, splitNumber: 4 }),
    valueAxis(look, { gridIndex: 1, scale: true, splitNumber: 4,
      axisLabel: { color: look.faint, fontSize: 12, formatter: (v) => percentText(v, 0) } }),
  ];
  const line = (panel, points, color, type, name, digits) => ({
    type: "line", xAxisIndex: panel, yAxisIndex: panel, data: points, name, symbol: "circle",
    symbolSize: points.length > 40 ? 0 : 5, showSymbol: points.length <= 40,
    lineStyle: { color, width: 2, type }, itemStyle: { color },
    tooltip: { valueFormatter: digits },
  });
  const loss = (v) => v.toFixed(3);
  option.series = [
    line(0, curve(training, "trainLoss", 0), look.train, "solid", "training loss", loss),
    line(0, curve(training, "heldOutLoss", 0), look.keep, "solid", "held-out loss", loss),
    line(0, curve(fineTuning, "trainLoss", ended), look.binarize, "dashed", "fine-tuning, training loss", loss),
    line(0, curve(fineTuning, "heldOutLoss", ended), look.binarize, "solid", "fine-tuning, held-out loss", loss),
    line(1, curve(training, "heldOutAccuracy", 0), look.keep, "solid", "held-out accuracy", percentText),
    line(1, curve(fineTuning, "heldOutAccuracy", ended), look.binarize, "solid", "fine-tuning, held-out accuracy", percentText),
  ].filter((series) => series.data.length);
  const alone = training.filter((epoch) => epoch.phase === "classifier").length;
  const borders = [...(alone && alone < ended ? [alone] : []), ...(fineTuning.length ? [ended] : [])];
  if (borders.length) {
    const border = (panel) => ({ type: "line", xAxisIndex: panel, yAxisIndex: panel, data: [],
      markLine: { silent: true, symbol: "none", label: { show: false },
        lineStyle: { color: look.line, type: "solid", width: 1 }, data: borders.map((epoch) => ({ xAxis: epoch + 0.5 })) } });
    option.series.push(border(0), border(1));
  }
  option.tooltip.trigger = "axis";
  option.tooltip.axisPointer = { lineStyle: { color: look.line } };
  option.tooltip.formatter = (items) => tip("epoch " + items[0].value[0]
    + (items[0].value[0] > ended ? ", fine-tuning" : items[0].value[0] <= alone ? ", classifier alone" : ""),
    items.map((item) => [item.seriesName,
      item.seriesName.endsWith("accuracy") ? percentText(item.value[1]) : loss(item.value[1])]));
  return option;
};
