package shallows.data;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was found while images were read from their files.
 *
 * @param broken the images that did not decode and were left out, each with its reason
 * @param leftOut how many files are none of the pictures, by what they are
 * @param sizes of the files; empty where one file holds all images
 */
public record FolderReading(
    List<String> broken, Map<LeftOut, Integer> leftOut, Optional<Sizes> sizes) {
  /** Of a set in files that hold many images. */
  public static final FolderReading NONE = new FolderReading(List.of(), Map.of(), Optional.empty());

  public FolderReading {
    broken = List.copyOf(broken);
    Map<LeftOut, Integer> counts = new EnumMap<>(LeftOut.class);
    counts.putAll(leftOut);
    leftOut = Collections.unmodifiableMap(counts);
  }

  /**
   * Of pictures before they are cut and resized, in pixels.
   *
   * @param shortest the shortest shorter side
   * @param median of the shorter sides
   * @param longest the longest longer side
   * @param same whether all have one size
   */
  public record Sizes(int shortest, int median, int longest, boolean same) {}
}
