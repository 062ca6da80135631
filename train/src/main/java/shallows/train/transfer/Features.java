package shallows.train.transfer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.progress.Progress;
import shallows.train.checkpoint.Checkpoint;
import shallows.train.checkpoint.State;
import shallows.train.engine.TorchEvaluation;
import shallows.train.loop.TrainingIdentity;
import shallows.train.options.Compute;

/**
 * What a network makes of images, computed once. Where there is a folder it is kept there, a file
 * for each {@value #AT_ONCE} images, so that a training that is interrupted goes on from the last
 * of them. A file that is damaged, or of another network or other images, is computed again.
 */
final class Features implements AutoCloseable {
  /** Images a file. */
  private static final int AT_ONCE = 512;

  private static final String STATE = "features";
  private static final String VALUES = "values";

  private final Normalization normalization;
  private final TorchEvaluation network;
  private final String identity;

  /** Null where nothing is kept. */
  private final Path folder;

  private final Progress progress;

  /**
   * @param network whose output is a vector of features
   * @param folder where they are kept; null for nowhere
   * @param progress hears of each image
   */
  Features(Graph network, Compute compute, Path folder, Progress progress) {
    this.normalization = network.task().normalization();
    this.network = new TorchEvaluation(network, compute);
    this.identity = folder == null ? null : TrainingIdentity.hash(network);
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * The features of images.
   *
   * @param name of the files, unlike that of other images
   * @param flipped whether left and right of each image change places
   * @return {@code (N, F)}
   */
  float[][] of(String name, LabelledImages images, boolean flipped) {
    String hash = folder == null ? null : TrainingIdentity.hash(images);
    float[][] features = new float[images.size()][];
    images.readAhead();
    for (int from = 0; from < images.size(); from += AT_ONCE) {
      int to = Math.min(from + AT_ONCE, images.size());
      float[][] part =
          folder == null
              ? computed(images, from, to, flipped)
              : kept(
                  folder.resolve(name + "-" + from + ".safetensors"),
                  Map.of("network", identity, "images", hash, "flipped", "" + flipped),
                  images,
                  from,
                  to,
                  flipped);
      System.arraycopy(part, 0, features, from, part.length);
      progress.advance(to - from, "features");
    }
    return features;
  }

  private float[][] kept(
      Path file, Map<String, String> of, LabelledImages images, int from, int to, boolean flipped) {
    Optional<float[][]> earlier = read(file, of, to - from);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    float[][] part = computed(images, from, to, flipped);
    int width = part[0].length;
    float[] flat = new float[part.length * width];
    for (int i = 0; i < part.length; i++) {
      System.arraycopy(part[i], 0, flat, i * width, width);
    }
    Tensor values = new Tensor(Shape.of(part.length, width), flat);
    new Checkpoint(of, 0, Map.of(STATE, State.of(Map.of(VALUES, values)))).write(file);
    return part;
  }

  private static Optional<float[][]> read(Path file, Map<String, String> of, int count) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Checkpoint kept = Checkpoint.read(file);
      kept.requireIdentity(file, of);
      Tensor values = kept.states().get(STATE).tensor(VALUES);
      int width = values.size() / count;
      return Optional.of(
          IntStream.range(0, count)
              .mapToObj(i -> Arrays.copyOfRange(values.values(), i * width, (i + 1) * width))
              .toArray(float[][]::new));
    } catch (BadInputException damagedOrOfOthers) {
      return Optional.empty();
    }
  }

  private float[][] computed(LabelledImages images, int first, int last, boolean flipped) {
    return network
        .logits(
            (from, to) -> {
              float[] pixels = images.normalized(first + from, first + to, normalization);
              if (flipped) {
                flip(pixels, images.width(), images.channels());
              }
              return pixels;
            },
            last - first,
            count -> {})
        .get(0);
  }

  /** Left to right, each row of {@code (N, H, W, C)}. */
  private static void flip(float[] pixels, int width, int channels) {
    int row = width * channels;
    for (int start = 0; start < pixels.length; start += row) {
      for (int left = 0, right = width - 1; left < right; left++, right--) {
        for (int c = 0; c < channels; c++) {
          int a = start + left * channels + c;
          int b = start + right * channels + c;
          float kept = pixels[a];
          pixels[a] = pixels[b];
          pixels[b] = kept;
        }
      }
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
