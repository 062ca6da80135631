/**
 * A grid of trainings and what they can be cut to: settings go in, a folder of jobs, {@code
 * sweep.json} and a page come out. What a single run does is not decided here.
 */
package shallows.pipeline.sweep;
