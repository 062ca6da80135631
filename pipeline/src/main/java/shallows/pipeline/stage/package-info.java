/**
 * The stages of a run, each from files to files: train, prune, export, verify, report. In come a
 * locked run folder and its settings; out come the stage's files and an event that tells what came
 * of it. Reading options and choosing which stages run does not belong here.
 */
package shallows.pipeline.stage;
