// What training does to a picture, on plain bytes: shallows.data.decode.ImagePixels.
import { resize } from "./resize.js";

// A picture of 12 megapixels is taken as it is, one of 48 at half its height and width.
const ENOUGH = 16_000_000;

/** `bytes` are `(height, width, channels)`, channels 1 (grey) or 3 (red, green, blue). */
export function withChannels(image, wanted) {
  if (image.channels === wanted) {
    return image;
  }
  const count = image.height * image.width;
  const bytes = new Uint8Array(count * wanted);
  for (let i = 0; i < count; i++) {
    if (wanted === 3) {
      bytes.fill(image.bytes[i], 3 * i, 3 * i + 3);
    } else {
      const [red, green, blue] = image.bytes.subarray(3 * i, 3 * i + 3);
      bytes[i] = Math.trunc((299 * red + 587 * green + 114 * blue + 500) / 1000);
    }
  }
  return { ...image, channels: wanted, bytes };
}

/** The largest part of the wanted shape out of the middle, resized. */
export function fitted(image, toHeight, toWidth) {
  let { height, width } = image;
  if (width * toHeight > height * toWidth) {
    width = Math.max(1, Math.round((height * toWidth) / toHeight));
  } else {
    height = Math.max(1, Math.round((width * toHeight) / toWidth));
  }
  const middle = cut(image, height, width);
  const bytes = resize(middle, height, width, image.channels, toHeight, toWidth);
  return { channels: image.channels, height: toHeight, width: toWidth, bytes };
}

function cut(image, height, width) {
  if (height === image.height && width === image.width) {
    return image.bytes;
  }
  const top = (image.height - height) >> 1;
  const left = (image.width - width) >> 1;
  const row = width * image.channels;
  const bytes = new Uint8Array(height * row);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * image.channels;
    bytes.set(image.bytes.subarray(from, from + row), y * row);
  }
  return bytes;
}

/** A picture of any size as a network of this input takes it. */
export function forNetwork(image, input) {
  return fitted(withChannels(subsampled(image, input), input.channels), input.height, input.width);
}

/** Of a large picture every k-th pixel of every k-th row: shallows.data.decode.Subsampling. */
function subsampled(image, input) {
  const { channels } = image;
  const left = (extent, step) => Math.ceil(extent / step);
  let step = 1;
  while (left(image.height, step) * left(image.width, step) > ENOUGH
      && Math.trunc(image.height / (step + 1)) >= 2 * input.height
      && Math.trunc(image.width / (step + 1)) >= 2 * input.width) {
    step++;
  }
  if (step === 1) {
    return image;
  }
  // The middle one of k, so that nothing is shifted.
  const first = (step - 1) >> 1;
  const height = left(image.height - first, step);
  const width = left(image.width - first, step);
  const bytes = new Uint8Array(height * width * channels);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = ((first + y * step) * image.width + first + x * step) * channels;
      for (let c = 0; c < channels; c++) {
        bytes[to++] = image.bytes[from + c];
      }
    }
  }
  return { channels, height, width, bytes };
}

/** `(v / 255 - mean) / deviation`, computed in doubles and rounded to a float; `(C, H, W)`. */
export function normalized(image, input) {
  const { channels, bytes } = image;
  const plane = image.height * image.width;
  const values = new Float32Array(bytes.length);
  for (let c = 0; c < channels; c++) {
    // Training keeps mean and deviation as floats.
    const mean = Math.fround(input.mean[c]);
    const deviation = Math.fround(input.deviation[c]);
    for (let i = 0; i < plane; i++) {
      values[c * plane + i] = (bytes[i * channels + c] / 255 - mean) / deviation;
    }
  }
  return values;
}

export function inverted(image) {
  return { ...image, bytes: image.bytes.map((value) => 255 - value) };
}

/** For a canvas. */
export function toImageData(image) {
  const { width, height, bytes } = withChannels(image, 3);
  const data = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    data.data.set([bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2], 255], 4 * i);
  }
  return data;
}

/** Of a canvas, without its alpha; what is drawn there lies on white or is opaque. */
export function fromImageData(data) {
  const { width, height } = data;
  const bytes = new Uint8Array(3 * width * height);
  for (let i = 0, from = 0; i < bytes.length; i += 3, from += 4) {
    bytes[i] = data.data[from];
    bytes[i + 1] = data.data[from + 1];
    bytes[i + 2] = data.data[from + 2];
  }
  return { channels: 3, height, width, bytes };
}
