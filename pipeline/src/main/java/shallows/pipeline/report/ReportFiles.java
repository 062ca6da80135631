package shallows.pipeline.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;
import shallows.model.file.IoReason;

/** Writes {@code report.json} and reads it back. */
public final class ReportFiles {
  /** What was not measured is written as null, so that every member of the contract is there. */
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private static final String WAY_OUT = "; write it again with ./shallows report";

  private ReportFiles() {}

  /** Writes {@code report} to {@code file}, whole or not at all. */
  public static void write(Report report, Path file) {
    AtomicFile.writeText(file, json(report));
  }

  /**
   * @throws BadInputException when the file is missing, is not JSON, lacks a member of the contract
   *     or holds a value that cannot be; the message names the JSON path
   */
  public static Report read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new BadInputException(file + ": expected a report, found no file" + WAY_OUT, e);
    } catch (IOException e) {
      throw new BadInputException(
          file + ": cannot be read as text (" + IoReason.of(e) + ")" + WAY_OUT, e);
    }
  }

  static String json(Report report) {
    return GSON.toJson(report) + "\n";
  }

  static Report parse(String text, String where) {
    try {
      ContractCheck.check(tree(text), Report.class, "$");
    } catch (IllegalArgumentException e) {
      throw new BadInputException(where + ": " + e.getMessage() + WAY_OUT, e);
    }
    JsonReader reader = new JsonReader(new StringReader(text));
    try {
      return GSON.getAdapter(Report.class).read(reader);
    } catch (RuntimeException | IOException e) {
      // A record refused its components; the reader has just left the object they came from.
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        throw new BadInputException(
            where + ": " + reader.getPreviousPath() + ": " + refusal.getMessage() + WAY_OUT, e);
      }
      throw new IllegalStateException("text that was checked cannot be read", e);
    }
  }

  private static JsonElement tree(String text) {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    try {
      JsonElement tree = GSON.getAdapter(JsonElement.class).read(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new MalformedJsonException("more text after the end");
      }
      return tree;
    } catch (IOException | JsonParseException | IllegalStateException e) {
      // Gson's own message advises programmers.
      throw new IllegalArgumentException(
          reader.getPath() + ": expected JSON, found damage or an end too early", e);
    }
  }
}
