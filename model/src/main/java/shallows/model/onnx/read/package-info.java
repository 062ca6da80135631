/**
 * An ONNX file goes in, ours or somebody else's, and a {@code Graph} comes out, with its blocks and
 * its task where the metadata has them; or a line that says which nodes cannot be read, and why.
 */
package shallows.model.onnx.read;
