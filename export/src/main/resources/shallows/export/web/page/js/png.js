// PNG files as shallows.data.decode.ImageDecoder reads them: upright, 16 bits without the lower
// eight, what is transparent laid on white. A canvas would multiply by alpha and divide again, and
// some browsers add noise to what is read out of one. Colours by a profile are left to the browser.
import { orientationOf, upright } from "./exif.js";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const SAMPLES = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const WHOLE = [[0, 0, 1, 1]];
// First column and row, and the steps to the next, of the seven passes of Adam7.
const ADAM7 = [
  [0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2],
];

export function isPng(bytes) {
  return SIGNATURE.every((value, i) => bytes[i] === value);
}

/** Throws where the file is damaged or of a kind that is left to the browser. */
export async function decodePng(bytes) {
  const chunks = chunksOf(bytes);
  const head = headerOf(chunks.get("IHDR")[0]);
  const data = await inflated(new Blob(chunks.get("IDAT")));
  const samples = samplesOf(data, head);
  const image = head.type === 3
    ? fromPalette(samples, head, chunks.get("PLTE")[0], chunks.get("tRNS")?.[0] ?? [])
    : stored(samples, head, chunks.get("tRNS")?.[0]);
  if (image.channels === 3 && chunks.has("iCCP")) {
    throw new Error("colours by a profile");
  }
  return chunks.has("eXIf") ? upright(image, orientationOf(chunks.get("eXIf")[0])) : image;
}

function chunksOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = new Map();
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    chunks.set(type, [...(chunks.get(type) ?? []), bytes.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  return chunks;
}

function headerOf(chunk) {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const [depth, type, , , interlace] = chunk.subarray(8);
  return { width: view.getUint32(0), height: view.getUint32(4), depth, type, samples: SAMPLES[type], interlace };
}

async function inflated(blob) {
  const stream = blob.stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** One number a sample, of as many bits as the file has. */
function samplesOf(data, head) {
  const { width, height, depth, samples } = head;
  const result = new Uint16Array(width * height * samples);
  const pixelBytes = Math.max(1, (samples * depth) >> 3);
  let at = 0;
  for (const [left, top, right, down] of head.interlace ? ADAM7 : WHOLE) {
    const across = Math.ceil((width - left) / right);
    const rowBytes = Math.ceil((across * samples * depth) / 8);
    let above = new Uint8Array(rowBytes);
    for (let y = top; y < height && across > 0; y += down) {
      const row = data.subarray(at + 1, at + 1 + rowBytes);
      if (row.length < rowBytes) {
        throw new Error("truncated");
      }
      unfilter(data[at], row, above, pixelBytes);
      for (let i = 0; i < across * samples; i++) {
        const x = left + Math.trunc(i / samples) * right;
        result[(y * width + x) * samples + (i % samples)] = sampleAt(row, i, depth);
      }
      above = row;
      at += 1 + rowBytes;
    }
  }
  return result;
}

function sampleAt(row, i, depth) {
  if (depth === 16) {
    return (row[2 * i] << 8) | row[2 * i + 1];
  }
  const bit = i * depth;
  return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

function unfilter(filter, row, above, step) {
  for (let i = 0; i < row.length; i++) {
    const left = i < step ? 0 : row[i - step];
    const corner = i < step ? 0 : above[i - step];
    const guesses = [0, left, above[i], (left + above[i]) >> 1, paeth(left, above[i], corner)];
    row[i] += guesses[filter];
  }
}

function paeth(left, above, corner) {
  const guess = left + above - corner;
  const distances = [left, above, corner].map((value) => Math.abs(guess - value));
  return [left, above, corner][distances.indexOf(Math.min(...distances))];
}

function onWhite(value, alpha) {
  return Math.trunc((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

/** Grey and colour, with alpha in each pixel or one transparent value. */
function stored(samples, head, transparent) {
  const { width, height, depth } = head;
  const channels = head.type & 2 ? 3 : 1;
  const ownAlpha = (head.type & 4) !== 0;
  const key = transparent && Array.from({ length: channels }, (_, c) => (transparent[2 * c] << 8) | transparent[2 * c + 1]);
  const level = (value) => (depth === 16 ? value >> 8 : Math.trunc((value * 255) / ((1 << depth) - 1)));
  const bytes = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; i++) {
    const pixel = samples.subarray(i * head.samples, (i + 1) * head.samples);
    let alpha = ownAlpha ? level(pixel[channels]) : 255;
    if (key?.every((value, c) => value === pixel[c])) {
      alpha = 0;
    }
    for (let c = 0; c < channels; c++) {
      bytes[i * channels + c] = onWhite(level(pixel[c]), alpha);
    }
  }
  return { channels, height, width, bytes };
}

/** One channel where the palette has nothing but grey. */
function fromPalette(samples, head, palette, alphas) {
  const { width, height } = head;
  const entries = palette.length / 3;
  const isGrey = Array.from({ length: entries }, (_, i) => palette.subarray(3 * i, 3 * i + 3)).every(
    ([red, green, blue]) => red === green && green === blue,
  );
  const channels = isGrey ? 1 : 3;
  const bytes = new Uint8Array(width * height * channels);
  samples.forEach((index, i) => {
    for (let c = 0; c < channels; c++) {
      bytes[i * channels + c] = onWhite(palette[3 * index + c], alphas[index] ?? 255);
    }
  });
  return { channels, height, width, bytes };
}
