package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;

/** Answers in the forms that other programs read. */
class ClassifyTest {
  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void writes() throws IOException {
    model = folder.resolve("a.onnx");
    OnnxWriter.write(
        Networks.create("resnet-8-s2", Shape.of(3, 8, 8), Task.unnamed(2, 3), 1), model);
  }

  @Test
  void aTableHasNoMoreColumnsThanThereAreClasses() throws IOException {
    Path image = TestPictures.write(folder.resolve("a.png"), 8, 8, 1);
    List<String> lines =
        CommandLineSession.of("classify", model, image, "--format", "csv", "--top", 5).out();
    assertEquals("image,label1,probability1,label2,probability2", lines.get(0));
    assertEquals(5, lines.get(1).split(",").length, lines.get(1));
  }

  /** The flag of Wales has letters that are not seen by themselves. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc77\udb40\udc6c\udb40\udc73\udb40\udc7f",
        "two\nlines",
        "\u202egnp"
      })
  void jsonNamesAnyFileAsItIs(String name) throws IOException {
    Path image = TestPictures.write(folder.resolve(name + ".png"), 8, 8, 1);
    CommandLineSession said = CommandLineSession.of("classify", model, image, "--format", "json");
    assertEquals(0, said.status(), said.toString());
    String read =
        JsonParser.parseString(String.join("\n", said.out()))
            .getAsJsonArray()
            .get(0)
            .getAsJsonObject()
            .get("image")
            .getAsString();
    assertEquals(image.toString(), read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json"})
  void nothingIsSaidOfAModelThatIsNotThere(String format) throws IOException {
    Path image = TestPictures.write(folder.resolve("a.png"), 8, 8, 1);
    Files.delete(model);
    CommandLineSession.refusal("classify", model, image, "--format", format);
  }
}
