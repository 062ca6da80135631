/**
 * ONNX files in their exported forms: a folded graph goes in, and out comes a file with one bit a
 * weight in binary convolutions, or with integers; of a file that is there, the values inside it
 * and what it says of its own accuracy. Which integers, {@code quantize} says. No stock runtime
 * multiplies single bits, so what binary files save is bytes, not time.
 */
package shallows.export.onnx;
