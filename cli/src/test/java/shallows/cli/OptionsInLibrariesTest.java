package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import shallows.model.Setting;

/**
 * A library names what can be set as a {@link Setting}; what an option is called, the command alone
 * knows. Every string of a class counts, as its file has it.
 */
class OptionsInLibrariesTest {
  /** An option, or the dashes of one whose name is put behind them when the program runs. */
  private static final Pattern OPTION = Pattern.compile("(?<![-\\w])--(?:[a-z]|\\x01|$)");

  /** Command lines: the command, and the packager of the app where it is on the class path. */
  private static final List<String> COMMAND_LINES = List.of("shallows.cli", "shallows.apk");

  private static final JavaClasses OURS =
      new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("shallows");

  @Test
  void noLibraryNamesAnOption() throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    for (JavaClass type : OURS) {
      if (!isCommandLine(type)) {
        List<String> options = optionsIn(type);
        if (!options.isEmpty()) {
          found.put(type.getName(), options);
        }
      }
    }
    assertEquals(Map.of(), found, "give a Setting in a Phrase instead");
  }

  @Test
  void optionsAreFoundWhereTheyAre() throws IOException {
    assertFalse(optionsIn(OURS.get(OptionWords.class)).isEmpty(), "dashes before a name");
  }

  private static boolean isCommandLine(JavaClass type) {
    return COMMAND_LINES.stream()
        .anyMatch(name -> (type.getPackageName() + ".").startsWith(name + "."));
  }

  private static List<String> optionsIn(JavaClass type) throws IOException {
    return strings(type).stream().filter(text -> OPTION.matcher(text).find()).toList();
  }

  /** All texts of the constant pool; Java Virtual Machine Specification 17, section 4.4. */
  private static List<String> strings(JavaClass type) throws IOException {
    List<String> strings = new ArrayList<>();
    try (DataInputStream file =
        new DataInputStream(
            new BufferedInputStream(
                type.getSource().orElseThrow().getUri().toURL().openStream()))) {
      file.skipNBytes(8);
      int count = file.readUnsignedShort();
      for (int i = 1; i < count; i++) {
        int tag = file.readUnsignedByte();
        switch (tag) {
          case 1 -> strings.add(file.readUTF());
          case 3, 4, 9, 10, 11, 12, 17, 18 -> file.skipNBytes(4);
          case 5, 6 -> {
            file.skipNBytes(8);
            // A number of eight bytes takes two places.
            i++;
          }
          case 7, 8, 16, 19, 20 -> file.skipNBytes(2);
          case 15 -> file.skipNBytes(3);
          default -> throw new IOException(type.getName() + ": no constant has the tag " + tag);
        }
      }
    }
    return strings;
  }
}
