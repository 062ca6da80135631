// Whether models give here what they gave when they were verified.
import { TEXTS } from "./texts.js";

// Of the largest output: another processor adds the same products in another order.
const FLOATS = 1e-3;
// Of models that compute with integers, which round otherwise here: a few steps of their outputs.
const STEPS = 0.05;
// So often what 99 of 100 outputs of a model may be off by, see Bundle.Model; nine samples have
// outputs enough for one that is further off.
const ROUNDINGS = 2;
const INTEGERS = ["int8", "mixed", "binary-fast"];

/**
 * Runs a model on every sample.
 *
 * samples: [{ file, logits, image }], the images of the network's size.
 * Returns { same, samples, difference, allowed, problem }: both as parts of the largest output, of
 * the sample that comes nearest to what is allowed; problem is undefined where all is well.
 */
export async function selfCheck(network, samples) {
  const { file } = network.model;
  const none = { difference: 0, allowed: allowedOf(network.model, 1) };
  let same = 0;
  let worst;
  let problem;
  for (const sample of samples) {
    let found;
    try {
      found = await network.logits(sample.image);
    } catch (e) {
      return { same, samples: 0, ...(worst ?? none), problem: TEXTS.doesNotRun(e.message) };
    }
    const expected = sample.logits[file];
    same += largest(found) === largest(expected) ? 1 : 0;
    const most = Math.max(1, ...expected.map(Math.abs));
    const difference = Math.max(...expected.map((value, c) => Math.abs(value - found[c]) / most));
    const allowed = allowedOf(network.model, most);
    // A NaN is shown, whatever comes behind it.
    const nearer = !worst || difference / allowed > worst.difference / worst.allowed;
    if (Number.isNaN(difference) || nearer) {
      worst = { difference, allowed };
    }
    // Written so that NaN fails.
    if (problem === undefined && !(difference <= allowed)) {
      problem = TEXTS.differs(sample.file);
    }
  }
  return { same, samples: samples.length, ...(worst ?? none), problem };
}

function allowedOf({ precision, rounding }, most) {
  return INTEGERS.includes(precision) ? Math.max(STEPS, (ROUNDINGS * (rounding ?? 0)) / most) : FLOATS;
}

function largest(values) {
  return values.indexOf(Math.max(...values));
}
