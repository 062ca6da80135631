/**
 * The files in which published data sets come: MNIST's IDX, CIFAR's records, SVHN's MATLAB files.
 * In goes a folder that holds them, out come labelled images. Where a folder comes from does not
 * belong here.
 */
package shallows.data.format;
