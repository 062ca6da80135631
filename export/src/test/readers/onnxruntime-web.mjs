// Runs ONNX files: node onnxruntime-web.mjs IMAGES SHAPE FILE...
// IMAGES holds 32-bit floats, SHAPE is "N,C,H,W". One line a file: "NAME CLASS CLASS ..." or
// "NAME refused REASON".
import { readFileSync } from "node:fs";
import * as ort from "onnxruntime-web";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "fatal";
const [images, shape, ...files] = process.argv.slice(2);
const bytes = readFileSync(images);
const pixels = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const dimensions = shape.split(",").map(Number);
for (const file of files) {
  try {
    const session = await ort.InferenceSession.create(readFileSync(file));
    const input = new ort.Tensor("float32", pixels, dimensions);
    const result = await session.run({ [session.inputNames[0]]: input });
    const { data, dims } = result[session.outputNames[0]];
    const classes = [];
    for (let i = 0; i < dims[0]; i++) {
      const row = Array.from(data.slice(i * dims[1], (i + 1) * dims[1]));
      classes.push(row.indexOf(Math.max(...row)));
    }
    console.log(file, classes.join(" "));
  } catch (e) {
    console.log(file, "refused", String(e.message).split("\n")[0]);
  }
}
