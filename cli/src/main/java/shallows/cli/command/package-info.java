/**
 * One class a command: its options, its help and the order of the stages it runs. Options become
 * settings here and nowhere else; what a stage does belongs to {@code shallows.pipeline.stage}.
 */
package shallows.cli.command;
