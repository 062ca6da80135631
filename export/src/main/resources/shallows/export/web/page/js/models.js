// Opens the models and samples of a bundle, and checks that they do here what was verified.
import { loadVerified } from "./bundle.js";
import { readImage } from "./images.js";
import { Network } from "./network.js";
import { selfCheck } from "./selfcheck.js";

/**
 * `opening` is told of each model before it is loaded.
 *
 * Returns { samples, networks, results }: the samples with their images, the networks that do what
 * was verified, and of each model what came of its check.
 */
export async function openAll(bundle, opening) {
  const samples = [];
  const damaged = [];
  for (const sample of bundle.samples) {
    try {
      const image = await readImage(new Blob([await loadVerified(sample)]));
      samples.push({ ...sample, image });
    } catch (e) {
      damaged.push({ model: undefined, file: sample.file, result: { samples: 0, problem: e.message } });
    }
  }
  const networks = [];
  const results = [];
  for (const model of bundle.models) {
    opening(model);
    const result = await checked(model, bundle, samples, networks);
    results.push({ model, file: model.file, result });
  }
  return { samples, networks, results: [...results, ...damaged] };
}

async function checked(model, bundle, samples, networks) {
  try {
    const network = await Network.open(model, await loadVerified(model), bundle.input);
    const result = await selfCheck(network, samples);
    if (result.problem === undefined) {
      networks.push(network);
    }
    return result;
  } catch (e) {
    return { samples: 0, problem: e.message };
  }
}
