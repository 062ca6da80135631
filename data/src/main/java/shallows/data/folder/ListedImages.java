package shallows.data.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.data.NamedPixels;
import shallows.data.decode.ImageDecoder;
import shallows.model.BadInputException;
import shallows.model.file.Sha256;

/**
 * Pictures by name, with their classes, not decoded yet: what another process needs in order to
 * decode some of them for itself, as whoever listed them would.
 *
 * @param name as a report says it
 * @param root absolute; where the names of files begin
 * @param classes names in the order of the labels
 * @param channels 1 or 3, that the images are brought to
 * @param height in pixels, likewise
 * @param width in pixels, likewise
 * @param files in {@code root}, or absolute
 * @param labels one of each file
 */
public record ListedImages(
    String name,
    String root,
    List<String> classes,
    int channels,
    int height,
    int width,
    List<String> files,
    List<Integer> labels) {
  public ListedImages {
    classes = List.copyOf(classes);
    files = List.copyOf(files);
    labels = List.copyOf(labels);
    if (files.size() != labels.size()) {
      throw new IllegalArgumentException(
          name
              + ": expected a label for each of "
              + files.size()
              + " files, found "
              + labels.size());
    }
  }

  /**
   * Of images that were read from their files.
   *
   * @param root as {@link ImageFolderReader} had it: the folder, or that of the table
   */
  public static ListedImages of(LabelledImages images, Path root) {
    return new ListedImages(
        images.name(),
        root.toString(),
        images.classes(),
        images.channels(),
        images.height(),
        images.width(),
        IntStream.range(0, images.size()).mapToObj(images::source).toList(),
        Arrays.stream(images.labels()).boxed().toList());
  }

  /** So many, or all where there are no more, as {@link LabelledImages#evenly(int)} takes them. */
  public ListedImages evenly(int most) {
    int[] some = LabelledImages.evenly(most, files.size());
    return with(
        Arrays.stream(some).mapToObj(files::get).toList(),
        Arrays.stream(some).mapToObj(labels::get).toList());
  }

  /** Those from {@code from} (inclusive) to {@code to} (exclusive). */
  public ListedImages subset(int from, int to) {
    return with(files.subList(from, to), labels.subList(from, to));
  }

  private ListedImages with(List<String> someFiles, List<Integer> theirLabels) {
    return new ListedImages(name, root, classes, channels, height, width, someFiles, theirLabels);
  }

  /**
   * The images, each decoded when it is asked for. No file is opened before: whoever asks for the
   * pixels of one that is missing, does not decode, or is of colours where they are to be grey gets
   * a {@link BadInputException}.
   */
  public LabelledImages images() {
    return images(0, false);
  }

  /**
   * The same, some of them kept.
   *
   * @param memory bytes of decoded images that may be
   * @param greyed whether colours become grey where one channel is wanted, by {@link ImageDecoder}
   */
  public LabelledImages images(long memory, boolean greyed) {
    List<Path> paths = files.stream().map(Path.of(root)::resolve).toList();
    return new LabelledImages(
        name,
        classes,
        channels,
        height,
        width,
        new NamedPixels(
            new PixelsInFiles(
                paths, (long) channels * height * width, file -> decoded(file, greyed), memory),
            files::get),
        labels.stream().mapToInt(Integer::intValue).toArray());
  }

  /**
   * SHA-256 of the sizes and times of the files, by which those that were written since are told:
   * to read them all would take as long as to answer them. Other files are told by {@link #files}.
   */
  public String states() {
    StringBuilder states = new StringBuilder();
    for (String file : files) {
      try {
        BasicFileAttributes found =
            Files.readAttributes(Path.of(root).resolve(file), BasicFileAttributes.class);
        states.append(found.size()).append(' ').append(found.lastModifiedTime().toMillis());
      } catch (IOException e) {
        // Whoever is to decode it says what is wrong.
        states.append("unread");
      }
      states.append('\n');
    }
    return Sha256.of(states.toString().getBytes(StandardCharsets.UTF_8));
  }

  private byte[] decoded(Path file, boolean greyed) {
    // Without its colours a picture would be another one.
    if (channels == 1 && !greyed && !ImageDecoder.head(file).grey()) {
      throw new BadInputException(
          file,
          "an image of 1 channel (grey), as the network takes",
          "one of colours",
          "give images of the same kind");
    }
    return ImageDecoder.decode(file, channels, height, width);
  }
}
