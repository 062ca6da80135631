/**
 * Somebody's ONNX file as one file of another form. In come a file and, where numbers are rounded
 * by what images make of them, images; out comes a file with what its check has found, or nothing.
 * Cutting a network does not belong here.
 */
package shallows.pipeline.convert;
