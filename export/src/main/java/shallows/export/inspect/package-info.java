/**
 * Whether a file may be given to a runtime. In come the bytes of an ONNX or TFLite file from
 * anywhere, out comes nothing, or a refusal of one line: sizes, shapes, order and scales that
 * native code would take on trust.
 */
package shallows.export.inspect;
