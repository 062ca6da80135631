package shallows.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.graph.Graph;
import shallows.model.graph.Task;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

/** The Java of {@code docs/library.md}, compiled as it stands there and run from top to bottom. */
@Tag("trains")
class LibraryTutorialTest {
  private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private static final List<String> IMPORTS =
      List.of(
          "java.nio.file.Path",
          "shallows.export.ExportFormat",
          "shallows.export.ExportPrecision",
          "shallows.export.ExportedFile",
          "shallows.export.verify.FileCheck",
          "shallows.model.graph.Block",
          "shallows.model.graph.Cost",
          "shallows.model.graph.Graph",
          "shallows.pipeline.Importing",
          "shallows.pipeline.Run",
          "shallows.pipeline.Shallows",
          "shallows.pipeline.convert.ConvertSettings",
          "shallows.pipeline.convert.Converted",
          "shallows.pipeline.folder.PruneSettings",
          "shallows.pipeline.folder.TrainSettings",
          "shallows.prune.plan.BlockDecision",
          "shallows.train.options.Compute",
          "shallows.train.options.Transfer");

  @TempDir private Path folder;

  @Test
  void everySnippetCompilesAndRuns() throws Exception {
    List<String> snippets = new ArrayList<>();
    Matcher found = SNIPPET.matcher(Files.readString(Path.of("../docs/library.md")));
    while (found.find()) {
      snippets.add(found.group(1));
    }
    assertEquals(6, snippets.size());
    Path photos = photos();
    Class<?> tutorial = compiled(snippets);
    // Trained by the first snippet, the network of those about other people's.
    Path plain = folder.resolve("their.onnx");
    Path others = folder.resolve("of-others.onnx");
    for (int i = 0; i < snippets.size(); i++) {
      tutorial
          .getMethod("snippet" + i, Path.class, Path.class, Path.class)
          .invoke(null, folder, photos, snippets.get(i).contains(".from(") ? others : plain);
      if (i == 0) {
        assertTrue(Files.exists(folder.resolve("photos/bundle/model.json")));
        assertTrue(Files.exists(folder.resolve("photos/report.html")));
        Files.copy(folder.resolve("photos/train/model.onnx"), plain);
        Graph trained = OnnxReader.read(plain);
        Task other = new Task(List.of("day", "night"), trained.task().normalization());
        OnnxWriter.write(trained.withTask(other), others);
      }
    }
    assertTrue(Files.exists(folder.resolve("theirs/export/export.json")));
    assertTrue(Files.exists(folder.resolve("taught/export/export.json")));
    assertTrue(Files.exists(folder.resolve("network.tflite")));
    assertTrue(Files.exists(folder.resolve("network-int8.tflite")));
  }

  private Class<?> compiled(List<String> snippets) throws Exception {
    StringBuilder source = new StringBuilder();
    IMPORTS.forEach(name -> source.append("import ").append(name).append(";\n"));
    source.append("public class Tutorial {\n");
    for (int i = 0; i < snippets.size(); i++) {
      source
          .append("public static void snippet" + i + "(Path folder, Path photos, Path network) {\n")
          .append(snippets.get(i))
          .append("}\n");
    }
    source.append("}\n");
    Path file = Files.writeString(folder.resolve("Tutorial.java"), source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    boolean compiles =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")),
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(file))
            .call();
    assertTrue(compiles, said.toString());
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())
        .loadClass("Tutorial");
  }

  /** Two classes that brightness tells apart. */
  private Path photos() throws Exception {
    Path photos = folder.resolve("pictures");
    Random random = new Random(1);
    for (int label = 0; label < 2; label++) {
      Path of = Files.createDirectories(photos.resolve(label == 0 ? "dark" : "light"));
      for (int i = 0; i < 150; i++) {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        int grey = 40 + 140 * label;
        for (int p = 0; p < 256; p++) {
          int value = grey + random.nextInt(40);
          image.getRaster().setSample(p % 16, p / 16, 0, value);
        }
        ImageIO.write(image, "png", of.resolve(i + ".png").toFile());
      }
    }
    return photos;
  }
}
