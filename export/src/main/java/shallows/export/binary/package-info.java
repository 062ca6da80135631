/**
 * Files that hold one bit a weight where a convolution is binary, and unpack it with stock
 * operators: a folded graph goes in. No stock runtime multiplies single bits, so what this saves is
 * bytes, not time.
 */
package shallows.export.binary;
