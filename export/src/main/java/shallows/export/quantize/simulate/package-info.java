/**
 * What runtimes compute of a quantized graph, integer by integer: a quantized graph and the
 * arithmetic of a runtime go in, and out comes what a file has to answer there. Running a runtime
 * does not belong here.
 */
package shallows.export.quantize.simulate;
