/**
 * What can be done to the pixels of one training image at random: tones, affine moves, crops and
 * erased boxes, each by the definition of its paper. {@link shallows.data.Augmentation} says which
 * of them a training wants; nothing here knows a set of images or a seed.
 */
package shallows.data.augmentation;
