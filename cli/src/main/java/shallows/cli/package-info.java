/**
 * The {@code shallows} command: {@link shallows.cli.Main} reads the command line, turns whatever
 * goes wrong into one line and an exit status, and nothing else in the program exits. What a
 * command accepts is in {@code command}, what it does in {@link shallows.pipeline}.
 */
package shallows.cli;
