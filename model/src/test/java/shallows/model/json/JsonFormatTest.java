package shallows.model.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.annotations.SerializedName;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.model.BadInputException;
import shallows.model.Expect;

class JsonFormatTest {
  private enum Kind {
    @SerializedName("small")
    SMALL,
    LARGE
  }

  private record Part(String name, double share) {
    Part {
      Expect.text("name", name);
      Expect.fraction("share", share);
    }
  }

  private record Whole(
      Kind kind,
      int count,
      long bytes,
      float factor,
      boolean done,
      @OrNull Double error,
      List<Part> parts,
      Map<String, List<Long>> sizes) {
    Whole {
      if (count > 10) {
        throw new IllegalArgumentException("too many");
      }
    }
  }

  private record Sides(Map<String, float[]> of) {}

  private record Done<A, B>(A asked, B result) {}

  @Excerpt
  private record OneKey(int count) {}

  private record Header(@SerializedName("__a__") String a, @Others Map<String, Integer> rest) {}

  private sealed interface Shape {}

  private record Circle(double radius) implements Shape {}

  private record UnitSquare() implements Shape {}

  private record Drawing(List<Shape> shapes) {}

  private static final JsonFormat<Whole> FORMAT =
      new JsonFormat<>(Whole.class, "a whole", "make it again");

  private static final String TEXT =
      """
      {"kind": "small", "count": 3, "bytes": 9007199254740993, "factor": 0.1, "done": true,
       "error": null, "parts": [{"name": "a", "share": 0.5}, {"name": "b", "share": 1}],
       "sizes": {"a/b": [1, 2]}}
      """;

  @Test
  void aSealedInterfaceIsAnObjectWithTheNameOfItsRecord() {
    JsonFormat<Drawing> format = new JsonFormat<>(Drawing.class, "a drawing", "draw it again");
    Drawing drawing = new Drawing(List.of(new Circle(2), new UnitSquare()));
    assertEquals(
        "{\"shapes\":[{\"circle\":{\"radius\":2.0}},{\"unitSquare\":{}}]}",
        JsonFormat.compact(drawing).replaceAll("\\s", ""));
    assertEquals(drawing, format.parse(format.text(drawing), "FILE"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|one of the keys circle, unitSquare",
        "{\"oval\":{}}|'oval'",
        "{\"circle\":{\"radius\":2},\"unitSquare\":{}}|'unitSquare' beside it",
        "{\"circle\":{}}|$.shapes[0].circle.radius",
        "7|an object"
      })
  void aSealedInterfaceIsNothingElse(String shape, String found) {
    JsonFormat<Drawing> format = new JsonFormat<>(Drawing.class, "a drawing", "draw it again");
    String message =
        assertThrows(
                BadInputException.class, () -> format.parse("{\"shapes\":[" + shape + "]}", "FILE"))
            .getMessage();
    assertTrue(message.contains(found), message);
  }

  @Test
  void readsWhatItWrites() {
    Whole whole = FORMAT.parse(TEXT, "FILE");
    assertEquals(Kind.SMALL, whole.kind());
    assertEquals(9007199254740993L, whole.bytes());
    assertEquals(0.1f, whole.factor());
    assertNull(whole.error());
    assertEquals(List.of(new Part("a", 0.5), new Part("b", 1)), whole.parts());
    assertEquals(whole, FORMAT.parse(FORMAT.text(whole), "FILE"));
  }

  @Test
  void whatMayBeNullMayBeLeftOut() {
    assertNull(FORMAT.parse(TEXT.replace("\"error\": null,", ""), "FILE").error());
  }

  @Test
  void readsArraysTypeVariablesExcerptsAndOtherKeys() {
    assertArrayEquals(
        new float[] {1, 2.5f},
        new JsonFormat<>(Sides.class, "sides", "again")
            .parse("{\"of\": {\"x\": [1, 2.5]}}", "FILE")
            .of()
            .get("x"));
    assertEquals(
        new Done<>(new Part("a", 1), List.of(3)),
        new JsonFormat<>(new TypeToken<Done<Part, List<Integer>>>() {}, "it", "again")
            .parse("{\"asked\": {\"name\": \"a\", \"share\": 1}, \"result\": [3]}", "FILE"));
    assertEquals(
        new OneKey(2),
        new JsonFormat<>(OneKey.class, "it", "again")
            .parse("{\"x\": [{\"y\": null}], \"count\": 2}", "FILE"));
    assertEquals(
        new Header("x", Map.of("b", 1, "c", 2)),
        new JsonFormat<>(Header.class, "it", "again")
            .parse("{\"b\": 1, \"__a__\": \"x\", \"c\": 2}", "FILE"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"count\": 3 | \"count\": \"3\" | $.count: expected a whole number, found the text '3'",
        "\"count\": 3, | `` | $.count: expected a value, found none",
        "\"count\": 3 | \"count\": null | $.count: expected a whole number, found null",
        "\"count\": 3 | \"count\": 3.5 | $.count: expected a whole number that 32 bits hold, found 3.5",
        "\"count\": 3 | \"count\": 99999999999 | $.count: expected a whole number that 32 bits hold,"
            + " found 99999999999",
        "\"count\": 3 | \"count\": 3, \"count\": 4 | $.count: expected one value, found two",
        "\"count\": 3 | \"count\": 11 | $: too many",
        "\"count\": 3 | \"count\": NaN | $.count: expected JSON, found damage at line 1 column 28",
        "\"factor\": 0.1 | \"factor\": 1e39 | $.factor: expected a number that 32 bits hold, found"
            + " 1e39",
        "\"small\" | \"tiny\" | $.kind: expected one of small, LARGE, found 'tiny'",
        "\"share\": 0.5 | \"share\": -1 | $.parts[0].share: expected a number in [0, 1], found -1.0",
        "{\"name\": \"a\", \"share\": 0.5} | null | $.parts[0]: expected an object, found null",
        "\"parts\" | \"part\" | $: expected the keys kind, count, bytes, factor, done, error, parts,"
            + " sizes, found 'part'",
        "[1, 2] | [1, true] | $.sizes['a/b'][1]: expected a whole number, found true",
        "}} | `} ` | $: expected JSON, found a text that is empty or cut short",
        "}} | }} {} | $: expected JSON, found damage at line 3 column 29",
      })
  void saysWhereAndWhat(String from, String to, String message) {
    BadInputException thrown =
        assertThrows(
            BadInputException.class, () -> FORMAT.parse(TEXT.strip().replace(from, to), "FILE"));
    assertEquals("FILE: " + message + "; make it again", thrown.getMessage());
  }

  @Test
  void aThousandEditsGiveAValueOrOneLine() {
    JsonEdits.assertValueOrOneLine(FORMAT, TEXT);
  }

  @Test
  void noDepthLeadsIntoTheStack() {
    JsonFormat<OneKey> format = new JsonFormat<>(OneKey.class, "it", "again");
    String deep = "[".repeat(1_000_000);
    assertThrows(BadInputException.class, () -> format.parse("{\"x\": " + deep, "FILE"));
    assertThrows(BadInputException.class, () -> FORMAT.parse("{\"parts\": " + deep, "FILE"));
  }

  @Test
  void saysWhatIsNoFile(@TempDir Path folder) throws IOException {
    assertEquals(
        folder
            + ": expected a whole, found a folder in its place; move it away, then make it again",
        told(folder));
    Path file = folder.resolve("a.json");
    assertEquals(file + ": expected a whole, found no such file; make it again", told(file));
    Files.write(file, new byte[] {(byte) 0xff, 0});
    assertEquals(
        file + ": expected a whole, found bytes that are no text in UTF-8; make it again",
        told(file));
    Files.writeString(file, "");
    assertEquals(
        file + ": $: expected JSON, found a text that is empty or cut short; make it again",
        told(file));
    Files.write(file, " ".repeat((64 << 20) + 1).getBytes(StandardCharsets.US_ASCII));
    assertEquals(
        file + ": expected a whole of at most 64 MB, found more; make it again", told(file));
    Path device = Path.of("/dev/zero");
    assumeTrue(Files.exists(device), "there is such a device");
    assertEquals(
        "/dev/zero: expected a whole, found something that is no regular file in its place; move it"
            + " away, then make it again",
        told(device));
  }

  private static String told(Path file) {
    return assertThrows(BadInputException.class, () -> FORMAT.read(file)).getMessage();
  }
}
