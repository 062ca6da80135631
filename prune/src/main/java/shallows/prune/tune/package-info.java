/**
 * Fine-tunes what was cut, keeps what held-out images confirm, and writes it: cut networks go in,
 * {@code plan.json} and {@code model.onnx} come out.
 */
package shallows.prune.tune;
