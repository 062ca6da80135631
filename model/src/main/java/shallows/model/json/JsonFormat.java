package shallows.model.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.file.AtomicFile;
import shallows.model.file.IoReason;

/**
 * One kind of JSON file, for example plans: how a value becomes a file and a file becomes the value
 * again. Whatever is wrong with a file is one line that says where in it.
 *
 * @param <T> records of texts, numbers, booleans, enums, lists, arrays, maps with texts as keys,
 *     further records, and sealed interfaces of records, {@code {"circle": {"radius": 1}}}; each
 *     component has to be there, and not null unless it is {@link OrNull}
 */
public final class JsonFormat<T> {
  /** Far more than anything of ours; a file beyond it is something else. */
  private static final int MOST_BYTES = 64 << 20;

  private static final GsonBuilder WRITING =
      // Nulls are written, so that what was not measured is seen.
      new GsonBuilder()
          .serializeNulls()
          .disableHtmlEscaping()
          .registerTypeAdapterFactory(new SealedTypes());

  private static final Gson COMPACT = WRITING.create();
  private static final Gson INDENTED = WRITING.setPrettyPrinting().create();

  private static final Gson WITHOUT_NULLS =
      new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  private final Gson writing;
  private final TypeToken<T> type;
  private final String what;
  private final Object remedy;

  /**
   * @param what the files are, for example {@code "a plan"}
   * @param remedy where one is missing or damaged
   */
  public JsonFormat(Class<T> type, String what, Object remedy) {
    this(TypeToken.get(type), what, remedy, INDENTED);
  }

  /** Likewise of a type with parameters, for example a list of records. */
  public JsonFormat(TypeToken<T> type, String what, Object remedy) {
    this(type, what, remedy, INDENTED);
  }

  private JsonFormat(TypeToken<T> type, String what, Object remedy, Gson writing) {
    this.writing = writing;
    this.type = type;
    this.what = what;
    this.remedy = remedy;
  }

  /** The same for readers that take a null for a text: what is null is left out. */
  public JsonFormat<T> leavingOutNulls() {
    return new JsonFormat<>(type, what, remedy, WITHOUT_NULLS);
  }

  /**
   * @throws BadInputException when the file is missing, is no file, or holds anything but a whole
   *     value
   */
  public T read(Path file) {
    return parse(text(file), file.toString());
  }

  private String text(Path file) {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new BadInputException(file, what, "no such file", remedy);
    }
    if (!Files.isRegularFile(file)) {
      String found = Files.isDirectory(file) ? "a folder" : "something that is no regular file";
      throw new BadInputException(
          file, what, found + " in its place", Phrase.of("move it away, then %s", remedy));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      requireSize(file, bytes.length);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new BadInputException(file, what, IoReason.of(e), remedy, e);
    } catch (IOException e) {
      throw BadInputException.of(
          file, "cannot be read (" + IoReason.of(e) + ")", "check the disk and its owner", e);
    }
  }

  /**
   * @param where the text stands, for the message
   * @throws BadInputException when it is anything but a whole value
   */
  @SuppressWarnings("unchecked")
  public T parse(String text, String where) {
    return (T) new JsonText(text, where, remedy).read(type.getType());
  }

  /**
   * Indented for people, whole or not at all.
   *
   * @throws BadInputException when the file cannot be written, or would be larger than what {@link
   *     #read} takes
   */
  public void write(T value, Path file) {
    byte[] bytes = text(value).getBytes(StandardCharsets.UTF_8);
    requireSize(file, bytes.length);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  private void requireSize(Path file, int bytes) {
    if (bytes > MOST_BYTES) {
      throw new BadInputException(
          file, what + " of at most " + (MOST_BYTES >> 20) + " MB", "more", remedy);
    }
  }

  /** What {@link #write} writes. */
  public String text(T value) {
    return writing.toJson(value, type.getType()) + "\n";
  }

  /** Without spaces and new lines. */
  public static String compact(Object value) {
    return COMPACT.toJson(value);
  }
}
