/**
 * The run folder: where each file of a run lies, what the run was asked for and which files its
 * stages left ({@code run.json}), how new files take the place of old ones, and the lock that keeps
 * a second process out. What is inside the files is the business of the stages.
 */
package shallows.pipeline.folder;
