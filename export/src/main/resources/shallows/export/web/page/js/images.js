// Picture files, video frames and canvases as plain bytes.
import { fromImageData } from "./pixels.js";
import { decodePng, isPng } from "./png.js";

/** A file that somebody chose or that came with the page, upright; throws where it does not decode. */
export async function readImage(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (isPng(bytes)) {
    try {
      return await decodePng(bytes);
    } catch {
      // A profile, damage, or a browser that inflates nothing: it shows what it can.
    }
  }
  // As training does: turned as EXIF says, in sRGB, which is what a canvas has.
  const bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" });
  const image = drawn(bitmap, bitmap.width, bitmap.height);
  bitmap.close();
  return image;
}

/** What is drawn on a canvas of this size, on white. */
export function drawn(source, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0);
  return fromImageData(context.getImageData(0, 0, width, height));
}
