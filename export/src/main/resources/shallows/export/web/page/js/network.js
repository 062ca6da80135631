// One model in ONNX Runtime Web, on one thread, which needs no special headers of a server.
import * as ort from "../ort/ort.wasm.min.mjs";
import { normalized } from "./pixels.js";
import { TEXTS } from "./texts.js";

const LAST = 25;

// (module (func (result v128) i32.const 0 i8x16.splat))
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = new URL("../ort/", import.meta.url).href;
ort.env.logLevel = "fatal";

/** Why no network can run here; undefined where one can. */
export function lacking() {
  if (typeof WebAssembly !== "object") {
    return TEXTS.noWasm;
  }
  return WebAssembly.validate(new Uint8Array(SIMD)) ? undefined : TEXTS.noSimd;
}

export class Network {
  #session;
  #input;
  #times = [];

  constructor(model, session, input) {
    this.model = model;
    this.#session = session;
    this.#input = input;
  }

  /** Throws, in words, where the runtime refuses the file. */
  static async open(model, content, input) {
    try {
      return new Network(model, await ort.InferenceSession.create(new Uint8Array(content)), input);
    } catch (e) {
      throw new Error(TEXTS.doesNotRun(String(e.message ?? e).split("\n")[0].slice(0, 200)));
    }
  }

  /** The logits of a picture that has the network's size. */
  async logits(image) {
    const { channels, height, width } = this.#input;
    const tensor = new ort.Tensor("float32", normalized(image, this.#input), [1, channels, height, width]);
    const start = performance.now();
    const outputs = await this.#session.run({ [this.#session.inputNames[0]]: tensor });
    this.#times = [...this.#times.slice(1 - LAST), performance.now() - start];
    return outputs[this.#session.outputNames[0]].data;
  }

  /** Milliseconds, the median of the last. */
  get time() {
    return median(this.#times);
  }

  /**
   * Milliseconds of one run on a picture, from so many rounds. Clocks of browsers go in steps of up
   * to a millisecond, so a round is as many runs as take ten of them.
   */
  async measure(image, rounds) {
    let runs = 1;
    while ((await this.#round(image, runs)) < 10) {
      runs *= 2;
    }
    const times = [];
    for (let i = 0; i < rounds; i++) {
      times.push((await this.#round(image, runs)) / runs);
    }
    return { median: median(times), fastest: Math.min(...times) };
  }

  async #round(image, runs) {
    const start = performance.now();
    for (let i = 0; i < runs; i++) {
      await this.logits(image);
    }
    return performance.now() - start;
  }
}

function median(times) {
  const sorted = times.slice().sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length === 0 ? 0 : (sorted[middle] + sorted[(sorted.length - 1) >> 1]) / 2;
}
