package shallows.train.loop;

import java.util.Arrays;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.train.engine.Randomness;
import shallows.train.options.Balance;

/** Carries {@link Balance} out: what images count for, and which of them an epoch has. */
final class ClassBalance {
  /** The stream of class c that puts its images into an order; no step has such a number. */
  private static final int FIRST_CLASS = -2;

  private final LabelledImages images;
  private final Balance balance;

  /** The images of each class that has any. */
  private final int[][] members;

  ClassBalance(LabelledImages images, Balance balance) {
    this.images = images;
    this.balance = balance;
    members =
        IntStream.range(0, images.classes().size())
            .mapToObj(images::indicesOf)
            .filter(ofClass -> ofClass.length > 0)
            .toArray(int[][]::new);
  }

  /**
   * What the loss of an image is multiplied with, by its class. Classes without images have 1: with
   * smoothed labels they have a share in others' targets.
   */
  float[] weights() {
    float[] weights = new float[images.classes().size()];
    Arrays.fill(weights, 1);
    if (balance == Balance.WEIGHTS) {
      for (int[] ofClass : members) {
        weights[images.label(ofClass[0])] =
            (float) ((double) images.size() / members.length / ofClass.length);
      }
    }
    return weights;
  }

  /**
   * The images of an epoch, in the order in which its steps take them.
   *
   * @param epoch from 0
   */
  int[] order(long seed, int epoch) {
    int[] places = Randomness.order(images.size(), seed, epoch);
    if (balance != Balance.SAMPLING) {
      return places;
    }
    // All epochs are one sequence that takes an image of each class in turn, and of each class its
    // images in turn, in an order that is new whenever all were taken. So every epoch has as many
    // of each class, but for one, and no image comes again before all of its class did.
    int[][] orders = new int[members.length][];
    long[] passes = new long[members.length];
    Arrays.fill(passes, -1);
    int[] taken = new int[images.size()];
    for (int i = 0; i < taken.length; i++) {
      long turn = (long) epoch * taken.length + i;
      int c = (int) (turn % members.length);
      long ofClass = turn / members.length;
      long pass = ofClass / members[c].length;
      if (pass != passes[c]) {
        passes[c] = pass;
        orders[c] =
            Randomness.order(members[c].length, Randomness.of(seed, (int) pass, FIRST_CLASS - c));
      }
      taken[i] = members[c][orders[c][(int) (ofClass % members[c].length)]];
    }
    return Arrays.stream(places).map(place -> taken[place]).toArray();
  }
}
