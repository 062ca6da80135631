/**
 * Exported files in other people's software: the forms that we write go in, and which reader gives
 * the classes that we verified comes out, held against the table of {@code docs/readers.md}.
 */
package shallows.export.readers;
