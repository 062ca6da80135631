/**
 * Measurements, each with both sides in one run, so that a busy machine slows both. Printed for
 * people; nothing here is a test, and nothing depends on it.
 */
package shallows.bench;
