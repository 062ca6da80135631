/** What a classifier answers on a set of images, and how two sets of answers compare. */
package shallows.data.evaluation;
