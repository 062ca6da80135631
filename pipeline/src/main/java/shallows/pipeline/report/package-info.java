/**
 * The report on a run: {@code report.json}, a contract that other programs read, and {@code
 * report.html}, one page for people. In come measurements that the stages have made; out come the
 * two files. Nothing is measured here and no image is classified.
 */
package shallows.pipeline.report;
