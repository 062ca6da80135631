package shallows.export.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import shallows.data.LabelledImages;
import shallows.data.NamedPixels;
import shallows.data.PixelsInMemory;
import shallows.model.BadInputException;
import shallows.model.Phrase;

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

  /** As many names of broken images are told in the line, beside the first. */
  private static final int TOLD = 20;

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

  /**
   * Its images, decoded once: a file, its reference and its copies all ask for them.
   *
   * @throws BadInputException that tells all which cannot be decoded
   */
  LabelledImages inMemory() {
    LabelledImages part = images.subset(from, to);
    int each = part.imageBytes();
    byte[] pixels = new byte[each * part.size()];
    part.readAhead();
    BadInputException first = null;
    List<String> others = new ArrayList<>();
    for (int i = 0; i < part.size(); i++) {
      try {
        System.arraycopy(part.image(i), 0, pixels, i * each, each);
      } catch (BadInputException e) {
        if (first == null) {
          first = e;
        } else {
          others.add(part.source(i));
        }
      }
    }
    if (first != null) {
      throw others.isEmpty() ? first : together(first, others);
    }
    return new LabelledImages(
        part.name(),
        part.classes(),
        part.channels(),
        part.height(),
        part.width(),
        new NamedPixels(new PixelsInMemory(pixels, each), part::source),
        part.labels());
  }

  /** In the next part there may be more; that one is not decoded yet. */
  private BadInputException together(BadInputException first, List<String> others) {
    String some = others.stream().limit(TOLD).collect(Collectors.joining(", "));
    String more = others.size() > TOLD ? " and " + (others.size() - TOLD) + " more" : "";
    Phrase line =
        Phrase.of(
            "%s; likewise %s more of these %s images: %s%s",
            first.getMessage(), others.size(), size(), some, more);
    return new BadInputException(null, null, line, null, first);
  }
}
