package shallows.pipeline.measure;

import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import shallows.data.LabelledImages;
import shallows.data.folder.ListedImages;
import shallows.model.BadInputException;
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
 * @param states {@link ListedImages#states} of these; null where one file holds many
 * @param set that they are some of; null where they have files of their own
 */
record ShardImages(
    int first, @OrNull ListedImages files, @OrNull String states, @OrNull OfSet set) {
  static final String FILE = "images.json";
  static final JsonFormat<ShardImages> FORMAT =
      new JsonFormat<>(
          ShardImages.class, "the images of a part", "delete the folder and begin again");

  /** A process that does one part does others of the same set: the last one that was opened. */
  private static Opened last;

  private record Opened(
      FittedImages fitting, String data, long seed, SoftReference<LabelledImages> test) {
    private boolean isOf(FittedImages asked, OfSet set) {
      return fitting.equals(asked) && data.equals(set.data) && seed == set.seed;
    }
  }

  /**
   * Some of the test images of a set.
   *
   * @param data opens it, on whichever machine
   * @param seed that parts it
   * @param from the first of them
   * @param to the image behind the last
   * @param sha256 of their pixels and labels, as the file takes them
   */
  record OfSet(String data, long seed, int from, int to, String sha256) {
    static OfSet of(String data, long seed, LabelledImages test, int from, int to) {
      return new OfSet(data, seed, from, to, sha256(test, from, to));
    }

    private static String sha256(LabelledImages test, int from, int to) {
      ByteBuffer contents = ByteBuffer.allocate((to - from) * (Long.BYTES + Integer.BYTES));
      for (int i = from; i < to; i++) {
        contents.putLong(test.content(i)).putInt(test.label(i));
      }
      return Sha256.of(contents.array());
    }

    private boolean isIn(LabelledImages test) {
      return test.size() >= to && sha256(test, from, to).equals(sha256);
    }
  }

  ShardImages {
    Expect.atLeast(0, "first", first);
    Expect.require((files == null) != (set == null), "files", "them or a set", "both or none");
  }

  static ShardImages of(int first, ListedImages files) {
    return new ShardImages(first, files, files.states(), null);
  }

  static ShardImages of(int first, OfSet set) {
    return new ShardImages(first, null, null, set);
  }

  /**
   * Different for pictures of other names and for other images of a set. A broken picture may be
   * mended meanwhile, so their states do not count.
   */
  String checksum() {
    ShardImages named = new ShardImages(first, files, null, set);
    return Sha256.of(FORMAT.text(named).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The images as the file takes them.
   *
   * @throws BadInputException when they are not on this machine, or others are
   */
  LabelledImages read(FittedImages fitting) {
    return files != null
        ? fitting.of(files.images())
        : opened(fitting, set).subset(set.from, set.to);
  }

  /** Opens a set again whose file is another one meanwhile. */
  private static synchronized LabelledImages opened(FittedImages fitting, OfSet set) {
    LabelledImages test = last != null && last.isOf(fitting, set) ? last.test.get() : null;
    if (test != null && set.isIn(test)) {
      return test;
    }
    test = fitting.of(fitting.open(set.data, set.seed, Progress.SILENT).test());
    if (!set.isIn(test)) {
      throw new BadInputException(
          set.data,
          "the test images that are verified",
          "others",
          "give all machines the same files, or begin again in another folder");
    }
    last = new Opened(fitting, set.data, set.seed, new SoftReference<>(test));
    return test;
  }
}
