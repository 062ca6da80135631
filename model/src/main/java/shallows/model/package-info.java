/**
 * The vocabulary that every stage shares: graphs and what they cost, the reference interpreter,
 * ONNX files and network architectures, and what is said of bad input, files and progress. Plain
 * Java: nothing here loads a native library, trains or exports.
 */
package shallows.model;
