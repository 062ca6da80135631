/**
 * Any model file on test images. In come a file, a data set and perhaps a reference; out go lines
 * that say how well it answers, how fast, and where it departs from the reference. Judging the
 * files of a run does not belong here.
 */
package shallows.cli.verify;
