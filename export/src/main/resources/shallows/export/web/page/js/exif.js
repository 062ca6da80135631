// The tag of a picture that says how the camera was held (EXIF, tag 274), 1 to 8: as
// shallows.data.decode.ExifOrientation reads it. Of all formats but PNG the browser does it itself.
const TAG = 274;
const SHORT = 3;
const LONG = 4;

/** `part` is the content of the chunk eXIf; 1, upright, where there is none or it is damaged. */
export function orientationOf(part) {
  try {
    const named = String.fromCharCode(...part.subarray(0, 6)) === "Exif\0\0";
    const tiff = named ? part.subarray(6) : part;
    const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
    const little = view.getUint16(0) === 0x4949;
    const directory = view.getUint32(4, little);
    if ((!little && view.getUint16(0) !== 0x4d4d) || view.getUint16(2, little) !== 42 || directory < 8) {
      return 1;
    }
    const entries = view.getUint16(directory, little);
    for (let i = 0, at = directory + 2; i < entries; i++, at += 12) {
      if (view.getUint16(at, little) === TAG) {
        const type = view.getUint16(at + 2, little);
        const value = type === SHORT ? view.getUint16(at + 8, little) : type === LONG ? view.getUint32(at + 8, little) : 0;
        return value >= 1 && value <= 8 ? value : 1;
      }
    }
  } catch {
    // Cut off: taken for upright.
  }
  return 1;
}

/** The picture as it was taken. */
export function upright(image, orientation) {
  if (orientation === 1) {
    return image;
  }
  const { channels, height, width } = image;
  const swapped = orientation > 4;
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBelow = [3, 4, 6, 7].includes(orientation);
  const bytes = new Uint8Array(image.bytes.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = fromRight ? width - 1 - x : x;
      const row = fromBelow ? height - 1 - y : y;
      const to = swapped ? column * height + row : row * width + column;
      for (let c = 0; c < channels; c++) {
        bytes[to * channels + c] = image.bytes[(y * width + x) * channels + c];
      }
    }
  }
  return { channels, height: swapped ? width : height, width: swapped ? height : width, bytes };
}
