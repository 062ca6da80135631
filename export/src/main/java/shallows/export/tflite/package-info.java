/**
 * Writes a graph as a TFLite file of stock operators: the graph comes in as training left it or
 * after the export passes, channels first; the file has channels last. Running such files does not
 * belong here.
 */
package shallows.export.tflite;
