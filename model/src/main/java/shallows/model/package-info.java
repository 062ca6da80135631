/**
 * The vocabulary that every stage shares: graphs and what they cost, the reference interpreter,
 * ONNX files, network architectures and labelled images. Plain Java: nothing here loads a native
 * library, trains or exports.
 */
package shallows.model;
