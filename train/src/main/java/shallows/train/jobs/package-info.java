/**
 * Work that is cut into independent pieces, each a value whose inputs and results are files. Done
 * pieces stay done: a list of jobs that was interrupted goes on where it was. Here they run one
 * after another; nothing in them would keep another machine from running some.
 */
package shallows.train.jobs;
