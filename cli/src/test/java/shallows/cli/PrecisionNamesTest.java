package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import shallows.export.ExportPrecision;
import shallows.export.quantize.WeightStorage;

/** Who knows precisions by their names alone knows those that there are. */
class PrecisionNamesTest {
  private static final Pattern NAME = Pattern.compile("\"([a-z0-9-]+)\"");

  @Test
  void ofFilesThatComputeWithIntegers() throws IOException {
    Set<String> integers = labels(ExportPrecision::isInteger);
    assertEquals(
        integers, names("../android-demo/src/main/java/shallows/demo/SelfCheck.java", "INTEGERS"));
    assertEquals(
        integers,
        names("../export/src/main/resources/shallows/export/web/page/js/selfcheck.js", "INTEGERS"));
    assertEquals(integers, names("../.ci/Acceptance.java", "INTEGERS"));
  }

  @Test
  void ofFilesWithFiltersOfOneBit() throws IOException {
    assertEquals(
        labels(precision -> precision.storage() == WeightStorage.BITS),
        names("../android-demo/src/main/java/shallows/demo/UnpackedFiles.java", "PACKED"));
  }

  /** Of all: no member of a family is called as one, for names of files. */
  @Test
  void thatNoMemberOfAFamilyMayHave() throws IOException {
    Set<String> reserved =
        names("../prune/src/main/java/shallows/prune/plan/FamilySize.java", "TAKEN");
    assertTrue(reserved.containsAll(labels(precision -> true)), reserved.toString());
  }

  private static Set<String> labels(Predicate<ExportPrecision> which) {
    return Arrays.stream(ExportPrecision.values())
        .filter(which)
        .map(ExportPrecision::label)
        .collect(Collectors.toSet());
  }

  /** The names in the statement that gives a constant its value. */
  private static Set<String> names(String file, String constant) throws IOException {
    Matcher statement =
        Pattern.compile("\\b" + constant + " =([^;]*);").matcher(Files.readString(Path.of(file)));
    assertTrue(statement.find(), constant + " in " + file);
    return NAME.matcher(statement.group(1))
        .results()
        .map((MatchResult name) -> name.group(1))
        .collect(Collectors.toSet());
  }
}
