package shallows.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import kotlin.Unit;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a bundle's README says in Kotlin is taken by Kotlin, beside TensorFlow Lite for Android. */
public class KotlinSnippetTest {
  private static final Pattern SNIPPET = Pattern.compile("```kotlin\n(.*?)```", Pattern.DOTALL);

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void itCompiles() throws IOException {
    String readme = Files.readString(Path.of(System.getProperty("test.bundle"), "README.md"));
    Matcher found = SNIPPET.matcher(readme);
    assertTrue(readme, found.find());
    String snippet = found.group(1);

    assertEquals("", compiled(snippet));
    String wrong = snippet.replace("interpreter.run(", "interpreter.runs(");
    assertTrue(compiled(wrong).contains("runs"));
  }

  /** What the compiler has against it, warnings too; empty where that is nothing. */
  private String compiled(String snippet) throws IOException {
    Path source = folder.newFolder().toPath().resolve("Classifier.kt");
    Files.writeString(source, snippet);
    List<String> classes = new ArrayList<>(List.of(library(Unit.class)));
    try (var archives = Files.newDirectoryStream(Path.of(System.getProperty("litert")), "*.aar")) {
      for (Path archive : archives) {
        classes.add(classes(archive).toString());
      }
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ExitCode status =
        new K2JVMCompiler()
            .exec(
                new PrintStream(said, true, StandardCharsets.UTF_8),
                "-no-stdlib",
                "-no-reflect",
                "-Werror",
                "-classpath",
                String.join(File.pathSeparator, classes),
                "-d",
                folder.newFolder().toString(),
                source.toString());
    String text = said.toString(StandardCharsets.UTF_8);
    assertEquals(text, text.isEmpty(), status == ExitCode.OK);
    return text;
  }

  private static String library(Class<?> held) {
    return new File(held.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }

  /** The classes of an Android archive. */
  private Path classes(Path archive) throws IOException {
    Path jar = folder.newFolder().toPath().resolve("classes.jar");
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      ZipEntry entry = zip.getEntry("classes.jar");
      try (InputStream in = zip.getInputStream(entry)) {
        Files.copy(in, jar);
      }
    }
    return jar;
  }
}
