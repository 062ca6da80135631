/**
 * Runs a graph on DJL's PyTorch tensors, forward and backward. Arrays of floats go in and come out;
 * native memory and DJL's types stay inside. Epochs, images and files do not belong here.
 */
package shallows.train.torch;
