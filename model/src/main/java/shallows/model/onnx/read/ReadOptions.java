package shallows.model.onnx.read;

import java.util.Optional;
import java.util.OptionalInt;
import shallows.model.graph.Extent;

/**
 * What a person says of a foreign file where the file leaves it open.
 *
 * @param output the name of the output that is read; empty where the file has one
 * @param size of the images, where the file takes any
 * @param channels of the images, likewise
 */
public record ReadOptions(Optional<String> output, Optional<Extent> size, OptionalInt channels) {
  /** All by the file. */
  public static final ReadOptions OF_FILE =
      new ReadOptions(Optional.empty(), Optional.empty(), OptionalInt.empty());

  public ReadOptions {
    if (size.isPresent() && !size.get().isPositive()) {
      throw new IllegalArgumentException("size must be at least 1x1, found " + size.get());
    }
    if (channels.isPresent() && channels.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "channels must be at least 1, found " + channels.getAsInt());
    }
  }
}
