/**
 * Runs a graph on DJL's PyTorch tensors, forward and backward. Arrays of floats go in and come out;
 * native memory and DJL's types stay inside. Epochs, labelled images and files do not belong here,
 * and no other module comes here: they ask {@code inference}, {@code evidence} and {@code loop}.
 */
package shallows.train.engine;
