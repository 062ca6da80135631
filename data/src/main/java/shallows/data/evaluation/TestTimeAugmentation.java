package shallows.data.evaluation;

import java.util.ArrayList;
import java.util.List;
import shallows.model.graph.Normalization;

/**
 * Asking a network about several copies of an image instead of one, and taking the mean of the
 * probabilities: the image with its mirror image, or the image with shifted ones; or asking as many
 * networks, which differ in the regions of their fractional pools (Graham 2014, section 4). It
 * costs as many times the time as there are copies.
 *
 * @param flip whether there is a mirror image, left to right
 * @param crops how many places there are, the image as it is among them, in [1, {@value
 *     #MOST_CROPS}]; an eighth of the shorter side away from it, first towards the corners, then
 *     towards the sides, with black around as in training
 * @param draws of regions, in [1, {@value #MOST_DRAWS}]; 1 for the network as it is. Beside more
 *     there are neither mirror images nor places
 */
public record TestTimeAugmentation(boolean flip, int crops, int draws) {
  /** The image, four corners, four sides. */
  public static final int MOST_CROPS = 9;

  public static final int MOST_DRAWS = 100;

  private static final int[][] PLACES = {
    {0, 0}, {-1, -1}, {-1, 1}, {1, -1}, {1, 1}, {-1, 0}, {1, 0}, {0, -1}, {0, 1}
  };

  /** Of the shorter side: four pixels of 32, as shifts in training. */
  private static final int SHARE = 8;

  /** Where a copy lies: pixel (y, x) of it is pixel (y − down, x − right) of the image. */
  private record Place(int down, int right, boolean mirrored) {}

  public TestTimeAugmentation {
    if (crops < 1 || crops > MOST_CROPS) {
      throw new IllegalArgumentException(
          "crops must be from 1 to " + MOST_CROPS + ", was " + crops);
    }
    if (draws < 1 || draws > MOST_DRAWS || draws > 1 && (flip || crops > 1)) {
      throw new IllegalArgumentException(
          "draws must be from 1 to " + MOST_DRAWS + ", alone, was " + draws);
    }
  }

  /** Of one network. */
  public TestTimeAugmentation(boolean flip, int crops) {
    this(flip, crops, 1);
  }

  public static TestTimeAugmentation ofDraws(int draws) {
    return new TestTimeAugmentation(false, 1, draws);
  }

  /** How many times the network is asked about each image. */
  public int copies() {
    return draws * places(1).size();
  }

  /** For example {@code "flip"}. */
  public String inWords() {
    return draws > 1 ? "draws:" + draws : flip ? "flip" : "crops:" + crops;
  }

  /**
   * A classifier that asks another one. Its scores are the logarithms of the mean probabilities.
   * Closing it closes nothing.
   *
   * @param channels C of the images
   * @param height H, in pixels
   * @param width W, in pixels
   * @param normalization of the images that it is asked about, which says what black is
   */
  public Classifier around(
      Classifier network, int channels, int height, int width, Normalization normalization) {
    List<Place> places = places(Math.max(1, Math.min(height, width) / SHARE));
    float[] black = new float[channels];
    for (int c = 0; c < channels; c++) {
      black[c] = -normalization.mean().get(c) / normalization.deviation().get(c);
    }
    return new Classifier() {
      @Override
      public float[][] logits(float[] images, int count) {
        List<Predictions> answers = new ArrayList<>();
        for (Place place : places) {
          float[] copies = moved(images, height, width, black, place);
          answers.add(new Predictions(network.logits(copies, count)));
        }
        return Predictions.ensemble(answers).scores();
      }

      @Override
      public void close() {
        // The network belongs to whoever opened it.
      }
    };
  }

  /** The mean of the probabilities of several networks. Closing it closes them. */
  public static Classifier mean(List<? extends Classifier> networks) {
    return new Classifier() {
      @Override
      public float[][] logits(float[] images, int count) {
        return Predictions.ensemble(
                networks.stream().map(n -> new Predictions(n.logits(images, count))).toList())
            .scores();
      }

      @Override
      public void close() {
        networks.forEach(Classifier::close);
      }
    };
  }

  private List<Place> places(int shift) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < crops; i++) {
      int down = PLACES[i][0] * shift;
      int right = PLACES[i][1] * shift;
      places.add(new Place(down, right, false));
      if (flip) {
        places.add(new Place(down, right, true));
      }
    }
    return places;
  }

  /**
   * @param images {@code (N, H, W, C)}
   * @param black {@code (C)}, as it is once normalized
   */
  private static float[] moved(float[] images, int height, int width, float[] black, Place place) {
    int channels = black.length;
    float[] moved = new float[images.length];
    int out = 0;
    for (int begin = 0; begin < images.length; begin += height * width * channels) {
      for (int y = 0; y < height; y++) {
        int row = y - place.down();
        for (int x = 0; x < width; x++) {
          int from = x - place.right();
          boolean inside = row >= 0 && row < height && from >= 0 && from < width;
          int column = place.mirrored() ? width - 1 - from : from;
          int in = begin + (row * width + column) * channels;
          for (int c = 0; c < channels; c++) {
            moved[out++] = inside ? images[in + c] : black[c];
          }
        }
      }
    }
    return moved;
  }
}
