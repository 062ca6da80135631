package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.pipeline.measure.Classification.Answer;
import shallows.pipeline.measure.Classification.Guess;

class AnswerFormatTest {
  private static final Answer ONE =
      new Answer(
          Path.of("a, \"b\".png"),
          List.of(new Guess("cat", 0.91234567), new Guess("dog, wet", 0.08)));
  private static final Answer OTHER = new Answer(Path.of("c.png"), List.of(new Guess("dog", 1)));

  @Test
  void textIsALineToRead() {
    assertEquals("", AnswerFormat.TEXT.head(2));
    assertEquals("a, \"b\".png  cat 91.2 %, dog, wet 8.0 %", AnswerFormat.TEXT.line(ONE, true));
  }

  @Test
  void csvIsATable() {
    assertEquals("image,label1,probability1,label2,probability2", AnswerFormat.CSV.head(2));
    assertEquals(
        "\"a, \"\"b\"\".png\",cat,0.912346,\"dog, wet\",0.08", AnswerFormat.CSV.line(ONE, true));
    assertEquals("", AnswerFormat.CSV.tail());
  }

  @Test
  void jsonIsOneArray() {
    AnswerFormat json = AnswerFormat.JSON;
    JsonArray read =
        JsonParser.parseString(
                String.join(
                    "\n", json.head(2), json.line(ONE, true), json.line(OTHER, false), json.tail()))
            .getAsJsonArray();
    assertEquals(2, read.size());
    assertEquals("a, \"b\".png", read.get(0).getAsJsonObject().get("image").getAsString());
    assertEquals(
        0.912346,
        read.get(0)
            .getAsJsonObject()
            .getAsJsonArray("guesses")
            .get(0)
            .getAsJsonObject()
            .get("probability")
            .getAsDouble());
    assertEquals(0, JsonParser.parseString(json.head(1) + json.tail()).getAsJsonArray().size());
  }
}
