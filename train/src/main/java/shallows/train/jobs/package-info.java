/**
 * Work that is cut into independent pieces, each a value whose inputs and results are files. Done
 * pieces stay done: a list of jobs that was interrupted goes on where it was, and one that is given
 * to two machines is done by one of them. Who does them is a {@link shallows.train.jobs.JobRunner}:
 * this machine, or whoever a {@link shallows.train.jobs.JobPlace} brings.
 */
package shallows.train.jobs;
