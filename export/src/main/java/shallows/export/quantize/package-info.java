/**
 * Networks of 8-bit integers: a folded graph and the ranges of its values go in, and out come scale
 * and zero point of each value, the integers of each weight, the ONNX file with them, and an oracle
 * that says what any such file has to answer. Seeing images and the TFLite writer do not belong
 * here.
 */
package shallows.export.quantize;
