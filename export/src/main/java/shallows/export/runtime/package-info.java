/**
 * Exported files in the runtimes that others will run them in: a file goes in, and it classifies as
 * anything else does. The types and the native memory of ONNX Runtime and TFLite stay in here.
 */
package shallows.export.runtime;
