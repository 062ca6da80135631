package shallows.export.bundle;

import com.google.gson.Gson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import shallows.data.decode.ImageDecoder;
import shallows.data.decode.ImagePixels;
import shallows.export.metadata.LabelsFile;
import shallows.model.BadInputException;

/** Reads a bundle and checks every file of it. */
public final class BundleReader {
  private static final Gson GSON = new Gson();

  private BundleReader() {}

  /**
   * @param folder as {@link BundleWriter} writes it
   * @throws BadInputException naming the file that is missing, damaged, or of another version
   */
  public static Bundle read(Path folder) {
    Map<String, byte[]> contents = Checksums.check(folder);
    Path file = folder.resolve(Bundle.FILE);
    Bundle bundle = parsed(file, content(folder, contents, Bundle.FILE));
    byte[] labels = content(folder, contents, LabelsFile.NAME);
    String expected = LabelsFile.content(bundle.labels());
    if (!Arrays.equals(labels, expected.getBytes(StandardCharsets.UTF_8))) {
      throw damaged(folder.resolve(LabelsFile.NAME), "the labels of " + Bundle.FILE, "others");
    }
    for (Bundle.Model model : bundle.models()) {
      byte[] content = content(folder, contents, model.file());
      if (content.length != model.bytes() || !Checksums.of(content).equals(model.sha256())) {
        throw damaged(
            folder.resolve(model.file()),
            model.bytes() + " bytes with the sha256 of " + Bundle.FILE,
            content.length + " bytes of another");
      }
    }
    for (Bundle.Sample sample : bundle.samples()) {
      content(folder, contents, sample.file());
      check(folder.resolve(sample.file()), bundle.input());
    }
    return bundle;
  }

  private static Bundle parsed(Path file, byte[] content) {
    RuntimeException cause;
    try {
      Bundle bundle = GSON.fromJson(new String(content, StandardCharsets.UTF_8), Bundle.class);
      if (bundle != null) {
        return bundle;
      }
      cause = new IllegalArgumentException("the file is empty");
    } catch (RuntimeException e) {
      // Gson wraps what a record's constructor says.
      cause = e.getCause() instanceof IllegalArgumentException told ? told : e;
    }
    throw new BadInputException(
        file
            + ": expected the description of a bundle, found damage or another version ("
            + cause.getMessage()
            + "); verify the run again",
        cause);
  }

  private static void check(Path file, Bundle.Input input) {
    ImagePixels pixels = ImageDecoder.decode(file);
    if (pixels.channels() != input.channels()
        || pixels.height() != input.height()
        || pixels.width() != input.width()) {
      throw damaged(
          file,
          input.height() + "x" + input.width() + "x" + input.channels(),
          pixels.height() + "x" + pixels.width() + "x" + pixels.channels());
    }
  }

  private static byte[] content(Path folder, Map<String, byte[]> contents, String file) {
    byte[] content = contents.get(file);
    if (content == null) {
      throw damaged(folder.resolve(file), "a sum of it in " + Checksums.FILE, "none");
    }
    return content;
  }

  private static BadInputException damaged(Path file, String expected, String found) {
    return new BadInputException(
        file
            + ": expected "
            + expected
            + ", found "
            + found
            + "; verify the run again, or copy its bundle again");
  }
}
