package shallows.export.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.data.NamedPixels;
import shallows.data.PixelsInMemory;

/**
 * A part of a set's images that is answered at once, and whose answers are added up before those of
 * other parts are. How many images it has depends on their size alone: what is computed of them
 * must not depend on where.
 *
 * @param images of the set
 * @param from its first image
 * @param to the image behind its last
 */
public record Shard(LabelledImages images, int from, int to) {
  private static final int MOST_IMAGES = 2_000;

  /** Of pixels, where images are large; they are in memory together. */
  private static final int MOST_BYTES = 64 << 20;

  /** All of a set, in the order of its images. */
  public static List<Shard> of(LabelledImages images) {
    int most = Math.max(1, Math.min(MOST_IMAGES, MOST_BYTES / images.imageBytes()));
    List<Shard> shards = new ArrayList<>();
    for (int from = 0; from < images.size(); from += most) {
      shards.add(new Shard(images, from, Math.min(from + most, images.size())));
    }
    return shards;
  }

  /** How many images. */
  public int size() {
    return to - from;
  }

  /** Its images, decoded once: a file, its reference and its copies all ask for them. */
  LabelledImages inMemory() {
    LabelledImages part = images.subset(from, to);
    int each = part.imageBytes();
    byte[] pixels = new byte[each * part.size()];
    part.readAhead();
    IntStream.range(0, part.size())
        .forEach(i -> System.arraycopy(part.image(i), 0, pixels, i * each, each));
    return new LabelledImages(
        part.name(),
        part.classes(),
        part.channels(),
        part.height(),
        part.width(),
        new NamedPixels(new PixelsInMemory(pixels, each), part::source),
        part.labels());
  }
}
