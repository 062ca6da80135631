// Whether models give here what they gave when they were verified.
import { TEXTS } from "./texts.js";

// Of the largest output: another processor adds the same products in another order.
const FLOATS = 1e-3;
// Of models that compute with integers: a few steps of a scale, each about a hundredth of the
// largest output.
const STEPS = 0.05;
const INTEGERS = ["int8", "mixed", "binary-fast"];

/**
 * Runs a model on every sample.
 *
 * samples: [{ file, logits, image }], the images of the network's size.
 * Returns { same, samples, difference, allowed, problem }; problem is undefined where all is well.
 */
export async function selfCheck(network, samples) {
  const { file, precision } = network.model;
  const allowed = INTEGERS.includes(precision) ? STEPS : FLOATS;
  let same = 0;
  let worst = 0;
  let problem;
  for (const sample of samples) {
    let found;
    try {
      found = await network.logits(sample.image);
    } catch (e) {
      return { same, samples: 0, difference: 0, allowed, problem: TEXTS.doesNotRun(e.message) };
    }
    const expected = sample.logits[file];
    same += largest(found) === largest(expected) ? 1 : 0;
    const difference = differenceOf(expected, found);
    worst = Math.max(worst, difference);
    // Written so that NaN fails.
    if (problem === undefined && !(difference <= allowed)) {
      problem = TEXTS.differs(sample.file);
    }
  }
  return { same, samples: samples.length, difference: worst, allowed, problem };
}

function differenceOf(expected, found) {
  const most = Math.max(1, ...expected.map(Math.abs));
  return Math.max(...expected.map((value, c) => Math.abs(value - found[c]) / most));
}

function largest(values) {
  return values.indexOf(Math.max(...values));
}
