package shallows.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShellWordTest {
  private static final Path SHELL = Path.of("/bin/sh");

  @Test
  void plainWordsStayAsTheyAre() {
    assertEquals("runs/first-2", ShellWord.quoted(Path.of("runs/first-2")));
    assertEquals("50%", ShellWord.quoted("50%"));
  }

  @Test
  void aShellReadsEveryWordAsItWas() throws IOException {
    assumeTrue(Files.isExecutable(SHELL));
    List<String> words = List.of("my photos", "it's", "$HOME", "a\nb", "`ls`", "\\", "*", "", "#");
    String line =
        words.stream().map(ShellWord::quoted).collect(Collectors.joining(" ", "printf '%s|' ", ""));
    Process shell = new ProcessBuilder(SHELL.toString(), "-c", line).start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(String.join("|", words) + "|", said);
  }
}
