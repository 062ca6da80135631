/**
 * Which LibTorch a process computes with: the one for the processor that Shallows brings, or one
 * that a user has, from a Python or an archive, which may compute on NVIDIA GPUs. It is found, and
 * its version and flavour are checked, by the files beside its libraries; nothing of it is loaded
 * before. What is computed with it does not belong here.
 */
package shallows.train.libtorch;
