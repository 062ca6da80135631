/**
 * Any model file on images: a data set, or files one by one. In come a file and images; out go
 * figures and classes. Judging the files of a run does not belong here.
 */
package shallows.pipeline.measure;
