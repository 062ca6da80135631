/**
 * What a network would cost as a file, before there is one: a graph goes in, bytes and milliseconds
 * come out. Whether its answers are right is not asked here.
 */
package shallows.export.footprint;
