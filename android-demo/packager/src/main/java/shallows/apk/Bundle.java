package shallows.apk;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.file.PlainFile;
import shallows.model.file.Sha256;

/**
 * The files of a run's bundle that the app needs: {@code model.json}, the TFLite models and the
 * samples.
 *
 * @param files content by name
 */
record Bundle(SortedMap<String, byte[]> files) {
  private static final int VERSION = 1;
  private static final String DESCRIPTION = "model.json";

  /**
   * Takes nothing into an APK but plain files that lie in the folder itself, with the checksums
   * that they were written with.
   *
   * @throws BadInputException when the folder is no bundle of this version, or a file is not the
   *     one that was verified
   */
  static Bundle read(Path folder) {
    Path file = folder.resolve(DESCRIPTION);
    try {
      SortedMap<String, byte[]> files = new TreeMap<>();
      files.put(DESCRIPTION, bytes(file));
      JsonObject json =
          JsonParser.parseString(new String(files.get(DESCRIPTION), StandardCharsets.UTF_8))
              .getAsJsonObject();
      if (json.get("version").getAsInt() != VERSION) {
        throw new BadInputException(
            file
                + ": expected version "
                + VERSION
                + ", found "
                + json.get("version")
                + "; use the ./shallows that wrote it");
      }
      for (JsonElement model : json.getAsJsonArray("models")) {
        if (text(model, "format").equals("tflite")) {
          put(files, file, model);
        }
      }
      if (files.size() == 1) {
        throw new BadInputException(
            file
                + ": expected at least one TFLite model, found none; export with --format tflite"
                + " and verify");
      }
      for (JsonElement sample : json.getAsJsonArray("samples")) {
        put(files, file, sample);
      }
      return new Bundle(files);
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | ClassCastException
        | UnsupportedOperationException
        | NumberFormatException e) {
      throw new BadInputException(
          file
              + ": expected the description of a bundle, found something else; run ./shallows"
              + " verify again",
          e);
    }
  }

  /** Adds the file of a model or a sample. */
  private static void put(SortedMap<String, byte[]> files, Path description, JsonElement of) {
    String name = plain(description, text(of, "file"));
    Path file = description.resolveSibling(name);
    byte[] content = bytes(file);
    if (!Sha256.of(content).equals(text(of, "sha256"))) {
      throw new BadInputException(
          file
              + ": expected the bytes that were verified, found others; run ./shallows verify"
              + " again");
    }
    files.put(name, content);
  }

  private static byte[] bytes(Path file) {
    try {
      return PlainFile.bytes(file);
    } catch (IOException e) {
      throw new BadInputException(
          file
              + ": expected a file of a bundle, found none that can be read ("
              + IoReason.of(e)
              + "); run ./shallows verify first",
          e);
    }
  }

  private static String text(JsonElement object, String name) {
    return object.getAsJsonObject().get(name).getAsString();
  }

  /** A bundle is one folder: no name leads out of it. */
  private static String plain(Path where, String name) {
    if (!name.matches("[^./\\\\][^/\\\\]*")) {
      throw new BadInputException(
          where
              + ": expected a plain file name, found '"
              + name
              + "'; run ./shallows verify again");
    }
    return name;
  }
}
