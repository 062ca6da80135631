// shallows.data.decode.ImageResize, line by line: a triangle filter that widens when it shrinks,
// with weights of 22 bits, so that the bytes are those of training on every machine.
const PRECISION = 22;

/** `(H, W, C)` bytes as `(toHeight, toWidth, C)` bytes. */
export function resize(pixels, height, width, channels, toHeight, toWidth) {
  let rows = pixels;
  if (toWidth !== width) {
    rows = alongAxis(rows, height, width, channels, toWidth);
  }
  if (toHeight !== height) {
    rows = alongAxis(rows, 1, height, toWidth * channels, toHeight);
  }
  return rows;
}

/** Resizes the middle axis: `(outer, from, inner)` becomes `(outer, to, inner)`. */
function alongAxis(pixels, outer, from, inner, to) {
  const result = new Uint8Array(outer * to * inner);
  const scale = from / to;
  const support = Math.max(1, scale);
  for (let x = 0; x < to; x++) {
    const centre = (x + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const last = Math.min(from, Math.trunc(centre + support + 0.5));
    const weights = triangle(first, last, centre, support);
    for (let o = 0; o < outer; o++) {
      const out = (o * to + x) * inner;
      const start = (o * from + first) * inner;
      for (let c = 0; c < inner; c++) {
        let sum = 1 << (PRECISION - 1);
        for (let k = 0, p = start + c; k < weights.length; k++, p += inner) {
          sum += weights[k] * pixels[p];
        }
        result[out + c] = Math.min(255, sum >> PRECISION);
      }
    }
  }
  return result;
}

function triangle(first, last, centre, support) {
  const values = new Float64Array(last - first);
  let total = 0;
  for (let k = 0; k < values.length; k++) {
    values[k] = Math.max(0, 1 - Math.abs((first + k - centre + 0.5) * (1 / support)));
    total += values[k];
  }
  return Int32Array.from(values, (value) => Math.trunc(0.5 + (value / total) * (1 << PRECISION)));
}
