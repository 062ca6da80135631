package shallows.train.options;

import com.google.gson.annotations.SerializedName;
import java.util.Locale;

/** What makes up for classes that have few training images, which a network rather not answers. */
public enum Balance {
  /** Every image counts alike. */
  @SerializedName("none")
  NONE,
  /**
   * The loss of an image of class c is multiplied with N / (K·n_c), for N images, n_c of them of
   * the class, and K classes that have any: over all images 1 in the mean, and the same sum for
   * each class.
   */
  @SerializedName("weights")
  WEIGHTS,
  /**
   * Steps take images of every class as often. An epoch has as many images as without; those of
   * large classes come less often than once an epoch, in turn, and those of small ones more often.
   */
  @SerializedName("sampling")
  SAMPLING;

  /** As a command and a file have it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
