// The verified files: what model.json says of them, and their content, held to its checksums.
import { TEXTS } from "./texts.js";

const VERSION = 1;
const FOLDER = "bundle/";

/** Nothing is used of a description that is not what it should be. */
export async function loadBundle() {
  const response = await request("model.json");
  let bundle;
  try {
    bundle = await response.json();
    if (bundle.version === VERSION) {
      requireWhole(bundle);
    }
  } catch (e) {
    throw new Error(TEXTS.damaged(e.message));
  }
  if (bundle.version !== VERSION) {
    throw new Error(TEXTS.damaged(TEXTS.version(bundle.version, VERSION)));
  }
  return { ...bundle, models: bundle.models.filter((model) => model.format === "onnx") };
}

function requireWhole({ input, labels, models, samples }) {
  const size = (value) => Number.isInteger(value) && value >= 1;
  require(labels.length >= 2 && labels.every((label) => typeof label === "string"), "labels");
  require([1, 3].includes(input.channels) && size(input.height) && size(input.width), "input");
  require(input.mean.length === input.channels && input.mean.every(Number.isFinite), "input.mean");
  require(input.deviation.length === input.channels && input.deviation.every((value) => value > 0), "input.deviation");
  require(models.some((model) => model.format === "onnx"), "models");
  for (const file of [...models, ...samples]) {
    require(/^[^./\\][^/\\]*$/.test(file.file) && /^[0-9a-f]{64}$/.test(file.sha256), file.file);
  }
  for (const { file, rounding } of models) {
    require(rounding === undefined || (Number.isFinite(rounding) && rounding >= 0), `rounding of ${file}`);
  }
  for (const sample of samples) {
    require(Number.isInteger(sample.label) && sample.label >= 0 && sample.label < labels.length, sample.file);
    for (const model of models) {
      require(sample.logits[model.file]?.length === labels.length, `logits of ${sample.file}`);
    }
  }
}

function require(holds, what) {
  if (!holds) {
    throw new Error(what);
  }
}

/** Checksums are there over https and on localhost alone. */
export const checksSums = Boolean(globalThis.crypto?.subtle);

/** The content of a file, if it is the one that was verified. */
export async function loadVerified({ file, sha256 }) {
  const content = await (await request(file)).arrayBuffer();
  if (checksSums) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
    const found = Array.from(digest, (value) => value.toString(16).padStart(2, "0")).join("");
    if (found !== sha256) {
      throw new Error(TEXTS.anotherFile(file));
    }
  }
  return content;
}

async function request(file) {
  let response;
  try {
    response = await fetch(FOLDER + encodeURIComponent(file));
  } catch (e) {
    throw new Error(TEXTS.noFile(file, e.message));
  }
  if (!response.ok) {
    throw new Error(TEXTS.noFile(file, response.status));
  }
  return response;
}
