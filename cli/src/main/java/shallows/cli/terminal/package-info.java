/**
 * What a person sees while the program works: result lines, bars with the time to go, aligned
 * tables. In come numbers and notes, out goes text; nothing here knows what is computed.
 */
package shallows.cli.terminal;
