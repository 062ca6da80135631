package shallows.apk;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import shallows.model.BadInputException;

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
   * @throws BadInputException when the folder is no bundle of this version, or a model is not the
   *     one that was verified
   */
  static Bundle read(Path folder) {
    Path file = folder.resolve(DESCRIPTION);
    try {
      SortedMap<String, byte[]> files = new TreeMap<>();
      files.put(DESCRIPTION, bytes(file));
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
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
          String name = plain(file, text(model, "file"));
          byte[] content = bytes(folder.resolve(name));
          if (!sha256(content).equals(text(model, "sha256"))) {
            throw new BadInputException(
                folder.resolve(name)
                    + ": expected the bytes that were verified, found others; run ./shallows"
                    + " verify again");
          }
          files.put(name, content);
        }
      }
      if (files.size() == 1) {
        throw new BadInputException(
            file
                + ": expected at least one TFLite model, found none; export with --format tflite"
                + " and verify");
      }
      for (JsonElement sample : json.getAsJsonArray("samples")) {
        String name = plain(file, text(sample, "file"));
        files.put(name, bytes(folder.resolve(name)));
      }
      return new Bundle(files);
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | ClassCastException
        | UnsupportedOperationException
        | IOException
        | NumberFormatException e) {
      throw new BadInputException(
          file
              + ": expected the description of a bundle, found something else; run ./shallows"
              + " verify again",
          e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BadInputException(
          file
              + ": expected a file of a bundle, found none that can be read; run ./shallows verify"
              + " first",
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

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
