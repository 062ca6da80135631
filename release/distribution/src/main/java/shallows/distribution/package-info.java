/**
 * What is made for the distribution and is in it, not in the program: completion of words and man
 * pages, of the command's own options.
 */
package shallows.distribution;
