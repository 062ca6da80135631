package shallows.train.engine;

import java.util.Random;

/**
 * Random numbers that depend on where in the training they are drawn, not on what was drawn before:
 * an interrupted training goes on with the same ones, without a generator's state in its
 * checkpoint.
 */
public final class Randomness {
  /** A step number that no step has: the stream that shuffles an epoch. */
  private static final int SHUFFLE = -1;

  private Randomness() {}

  /**
   * The stream of one step.
   *
   * @param epoch from 0
   * @param step of the epoch, from 0
   */
  public static Random of(long seed, int epoch, int step) {
    // Random's own numbers are laid down by its specification; neighbouring seeds give alike
    // streams, so the bits are mixed first.
    return new Random(ofStep(seed, epoch, step));
  }

  /**
   * The stream of one image in a step.
   *
   * @param place of the image in the batch, from 0
   */
  public static Random of(long seed, int epoch, int step, int place) {
    return new Random(mix(ofStep(seed, epoch, step) + place));
  }

  private static long ofStep(long seed, int epoch, int step) {
    return mix(mix(mix(seed) + epoch) + step);
  }

  /** The images 0 … n − 1 in the order of this epoch (Fisher and Yates). */
  public static int[] order(int n, long seed, int epoch) {
    return order(n, of(seed, epoch, SHUFFLE));
  }

  /** The numbers 0 … n − 1 in an order of this stream. */
  public static int[] order(int n, Random random) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014): every bit changes every other. */
  private static long mix(long bits) {
    long z = bits + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
