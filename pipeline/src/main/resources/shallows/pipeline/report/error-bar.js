// An error bar, which charts of several pages draw.

/** A line with caps from low to high; value is [x, low, high]. */
function errorBar(look, cap) {
  return function (params, api) {
    const x = api.value(0);
    const low = api.coord([x, api.value(1)]);
    const high = api.coord([x, api.value(2)]);
    const style = { stroke: api.visual("color"), lineWidth: 1.8 };
    const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
    return { type: "group", children: [
      line(low[0], low[1], high[0], high[1]),
      line(low[0] - cap, low[1], low[0] + cap, low[1]),
      line(high[0] - cap, high[1], high[0] + cap, high[1]),
    ] };
  };
}
