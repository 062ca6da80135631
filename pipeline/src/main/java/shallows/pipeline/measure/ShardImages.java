package shallows.pipeline.measure;

import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import shallows.data.LabelledImages;
import shallows.data.folder.ListedImages;
import shallows.model.Expect;
import shallows.model.file.Sha256;
import shallows.model.json.JsonFormat;
import shallows.model.json.OrNull;
import shallows.model.progress.Progress;

/**
 * Which images a part of a verification is about: the content of {@code images.json} in its folder.
 * Whoever does the part reads them itself.
 *
 * @param first how many test images come before these
 * @param files of the images; null where one file holds many
 * @param set that they are some of; null where they have files of their own
 */
record ShardImages(int first, @OrNull ListedImages files, @OrNull OfSet set) {
  static final String FILE = "images.json";
  static final JsonFormat<ShardImages> FORMAT =
      new JsonFormat<>(
          ShardImages.class, "the images of a part", "delete the folder and begin again");

  /** A process that does one part does others of the same set; it is opened once. */
  private static final Map<Opened, SoftReference<LabelledImages>> OPENED = new HashMap<>();

  private record Opened(FittedImages fitting, String data, long seed) {}

  /**
   * Some of the test images of a set.
   *
   * @param data opens it, on whichever machine
   * @param seed that parts it
   * @param from the first of them
   * @param to the image behind the last
   */
  record OfSet(String data, long seed, int from, int to) {}

  ShardImages {
    Expect.atLeast(0, "first", first);
    Expect.require((files == null) != (set == null), "files", "them or a set", "both or none");
  }

  /** Different for other images. */
  String checksum() {
    return Sha256.of(FORMAT.text(this).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The images as the file takes them.
   *
   * @throws shallows.model.BadInputException when they are not on this machine
   */
  LabelledImages read(FittedImages fitting) {
    return files != null
        ? fitting.of(files.images())
        : opened(new Opened(fitting, set.data, set.seed)).subset(set.from, set.to);
  }

  private static LabelledImages opened(Opened asked) {
    synchronized (OPENED) {
      SoftReference<LabelledImages> before = OPENED.get(asked);
      LabelledImages test = before == null ? null : before.get();
      if (test == null) {
        FittedImages fitting = asked.fitting;
        test = fitting.of(fitting.open(asked.data, asked.seed, Progress.SILENT).test());
        OPENED.put(asked, new SoftReference<>(test));
      }
      return test;
    }
  }
}
