/**
 * Lists of jobs on Apache Spark: chains of jobs go in, one a task, and what comes out lies in the
 * folder that all machines share. What a job does, and what of it is done already, is not decided
 * here.
 */
package shallows.spark;
