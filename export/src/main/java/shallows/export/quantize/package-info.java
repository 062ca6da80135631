/**
 * Networks of 8-bit integers: a folded graph and the ranges of its values go in, and out come scale
 * and zero point of each value and the integers of each weight. {@code simulate} is the oracle that
 * says what any file of them has to answer, {@code calibrate} finds the ranges. Writing files does
 * not belong here.
 */
package shallows.export.quantize;
