package shallows.prune;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;
import shallows.model.file.IoReason;

/** Plans as JSON, indented for people. */
public final class PlanFile {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private PlanFile() {}

  public static void write(Plan plan, Path file) {
    AtomicFile.writeText(file, GSON.toJson(plan) + "\n");
  }

  /**
   * @throws BadInputException when the file is missing, is no JSON or is no plan
   */
  public static Plan read(Path file) {
    try {
      Plan plan = GSON.fromJson(Files.readString(file, StandardCharsets.UTF_8), Plan.class);
      if (plan == null) {
        throw new JsonParseException("an empty file");
      }
      return plan;
    } catch (CharacterCodingException e) {
      throw damaged(file, "bytes that are no text", e);
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          file + ": expected a plan, found no such file; check the path, or prune the run first",
          e);
    } catch (IOException e) {
      throw new BadInputException(
          file + ": expected a plan, cannot be read (" + IoReason.of(e) + "); check the file", e);
    } catch (RuntimeException e) {
      // Gson's own, or what a record's constructor throws, which Gson wraps.
      throw damaged(file, rootMessage(e), e);
    }
  }

  private static BadInputException damaged(Path file, String found, Exception e) {
    return new BadInputException(
        file + ": expected a plan, found " + found + "; mend it, or prune the run again", e);
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof NumberFormatException) {
      return "text where a number belongs (" + root.getMessage() + ")";
    }
    // Gson adds an address to read on; what stands before it is enough.
    return root.getMessage() == null
        ? "something else"
        : root.getMessage().replaceAll("\\s*See https?:\\S+", "");
  }
}
