// Where the labels of a chart's points go, so that none lies on another label, a point or a line.

const LINE_HEIGHT = 16;
/** Mean width of a character at 12 px; the placing only needs to be about right. */
const CHARACTER = 6.4;

function labelBox(point, side) {
  const lines = point.text.map((line) => line.text);
  const width = Math.max(...lines.map((line) => line.length)) * CHARACTER;
  const height = lines.length * LINE_HEIGHT;
  const gap = point.size / 2 + 6;
  const left = { right: point.x + gap, left: point.x - gap - width,
    top: point.x - width / 2, bottom: point.x - width / 2 }[side];
  const top = { right: point.y - height / 2, left: point.y - height / 2,
    top: point.y - gap - height, bottom: point.y + gap }[side];
  return { left, top, right: left + width, bottom: top + height };
}

function overlap(a, b) {
  return Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left))
    * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
}

/** Of its area, what of a label may lie on texts and marks: more cannot be read. */
const COVERED = 0.06;

/** What a line through a label counts against a text or mark that lies on it. */
const LINE_WEIGHT = 0.25;

/**
 * Gives each point with a text its side: the side that covers least. Those with a strong line come
 * first, then the early ones, then the others from left to right, since the smallest file is what
 * people look for. A label that finds no room is taken away, unless a line of it is strong; the
 * tooltip of its point and the table below the chart have what it said.
 *
 * @param points with x, y and size in pixels and text, a list of lines
 * @param others boxes to keep clear of, those of lines with line: true
 * @param area the box to stay in
 */
function placeLabels(points, others, area) {
  const taken = others.concat(points.map(({ x, y, size }) => ({
    left: x - size / 2 - 2, right: x + size / 2 + 2, top: y - size / 2 - 2, bottom: y + size / 2 + 2 })));
  const isStrong = (point) => point.text.some((line) => line.strong);
  const inTurn = points.filter((point) => point.text)
    .sort((a, b) => isStrong(b) - isStrong(a) || Boolean(b.early) - Boolean(a.early) || a.x - b.x);
  for (const point of inTurn) {
    let least = Infinity;
    let chosen;
    for (const side of ["right", "left", "top", "bottom"]) {
      const box = labelBox(point, side);
      const outside = (box.right - box.left) * (box.bottom - box.top) - overlap(box, area);
      const on = (line) => taken.filter((other) => Boolean(other.line) === line)
        .reduce((sum, other) => sum + overlap(box, other), 0);
      const unread = 4 * outside + on(false);
      const cost = unread + LINE_WEIGHT * on(true);
      if (cost < least - 1) {
        least = cost;
        chosen = { side, box, unread };
      }
    }
    const size = (chosen.box.right - chosen.box.left) * (chosen.box.bottom - chosen.box.top);
    if (chosen.unread > COVERED * size && !isStrong(point)) {
      point.text = undefined;
    } else {
      point.side = chosen.side;
      taken.push(chosen.box);
    }
  }
}

/** The place under a level line where a text covers less of the points with their labels. */
function freePlace(points, others, area, y, text) {
  const width = text.length * CHARACTER + 12;
  const reach = { left: 90, right: 90, top: 24, bottom: 40 };
  const taken = others.concat(points.map((point) => ({ left: point.x - reach.left,
    right: point.x + reach.right, top: point.y - reach.top, bottom: point.y + reach.bottom })));
  const places = [
    { position: "insideEndBottom", box: { left: area.right - width, right: area.right, top: y, bottom: y + LINE_HEIGHT } },
    { position: "insideStartBottom", box: { left: area.left, right: area.left + width, top: y, bottom: y + LINE_HEIGHT } },
    { position: "insideMiddleBottom", box: { left: (area.left + area.right - width) / 2,
      right: (area.left + area.right + width) / 2, top: y, bottom: y + LINE_HEIGHT } },
  ];
  const cost = ({ box }) => taken.reduce((sum, other) => sum + overlap(box, other), 0);
  return places.reduce((best, place) => (cost(place) < cost(best) ? place : best));
}
