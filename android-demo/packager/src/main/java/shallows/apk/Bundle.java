package shallows.apk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import shallows.model.BadInputException;
import shallows.model.Expect;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.UnexpectedValueException;
import shallows.model.file.IoReason;
import shallows.model.file.PlainFile;
import shallows.model.file.Sha256;
import shallows.model.json.Excerpt;
import shallows.model.json.JsonFormat;

/**
 * The files of a run's bundle that the app needs: {@code model.json}, the TFLite models and the
 * samples.
 *
 * @param files content by name
 */
record Bundle(SortedMap<String, byte[]> files) {
  private static final int VERSION = 1;
  private static final String DESCRIPTION = "model.json";

  /** What the packager has to know of {@code model.json}. */
  @Excerpt
  private record Description(int version, List<Model> models, List<Sample> samples) {
    private Description {
      if (version != VERSION) {
        throw new UnexpectedValueException(
            "version", VERSION, version, "use the ./shallows that wrote it");
      }
    }
  }

  @Excerpt
  private record Model(String file, String format, String sha256) {
    private Model {
      requirePlain(file);
    }
  }

  @Excerpt
  private record Sample(String file, String sha256) {
    private Sample {
      requirePlain(file);
    }
  }

  private static final JsonFormat<Description> FORMAT =
      new JsonFormat<>(
          Description.class, "the description of a bundle", "run ./shallows verify again");

  /**
   * Takes nothing into an APK but plain files that lie in the folder itself, with the checksums
   * that they were written with.
   *
   * @throws BadInputException when the folder is no bundle of this version, or a file is not the
   *     one that was verified
   */
  static Bundle read(Path folder) {
    Path file = folder.resolve(DESCRIPTION);
    byte[] content = bytes(file);
    Description description =
        FORMAT.parse(new String(content, StandardCharsets.UTF_8), file.toString());
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(DESCRIPTION, content);
    for (Model model : description.models()) {
      if (model.format().equals("tflite")) {
        put(files, folder, model.file(), model.sha256());
      }
    }
    if (files.size() == 1) {
      throw new BadInputException(
          file,
          "at least one TFLite model",
          "none",
          Phrase.of("export with %s tflite and verify", Setting.FORMAT));
    }
    for (Sample sample : description.samples()) {
      put(files, folder, sample.file(), sample.sha256());
    }
    return new Bundle(files);
  }

  /** Adds the file of a model or a sample. */
  private static void put(
      SortedMap<String, byte[]> files, Path folder, String name, String sha256) {
    byte[] content = bytes(folder.resolve(name));
    if (!Sha256.of(content).equals(sha256)) {
      throw new BadInputException(
          folder.resolve(name),
          "the bytes that were verified",
          "others",
          "run ./shallows verify again");
    }
    files.put(name, content);
  }

  private static byte[] bytes(Path file) {
    try {
      return PlainFile.bytes(file);
    } catch (IOException e) {
      throw new BadInputException(
          file,
          "a file of a bundle",
          "none that can be read (" + IoReason.of(e) + ")",
          "run ./shallows verify first",
          e);
    }
  }

  /** A bundle is one folder: no name leads out of it. */
  private static void requirePlain(String file) {
    Expect.require(
        file.matches("[^./\\\\][^/\\\\]*"), "file", "a plain file name", "'" + file + "'");
  }
}
