package shallows.export.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import shallows.model.onnx.ReadingPage;

/** The designs that a script has written, as the page lists them. */
final class Designs {
  /** Of the PyTorch that the page was written with; another leaves other designs out. */
  private static final String VERSION = "1.13.0";

  /** Its last part where one image alone goes in. */
  private static final Pattern NAME = Pattern.compile("(.+)-([0-9]+)(-one)?[.]onnx");

  private Designs() {}

  /**
   * @param part of the page
   * @param files each of which is read and comes out the same, as the other tests of the class say
   */
  static void assertOnPage(String part, Collection<Path> files) throws IOException {
    Path version = files.iterator().next().resolveSibling("version.txt");
    if (!Files.readString(version).startsWith(VERSION)) {
      return;
    }
    Map<String, TreeSet<Integer>> opsets = new TreeMap<>();
    for (Path file : files) {
      Matcher name = NAME.matcher(file.getFileName().toString());
      if (!name.matches()) {
        throw new IllegalStateException("expected DESIGN-OPSET.onnx, found " + file);
      }
      opsets
          .computeIfAbsent(name.group(1), design -> new TreeSet<>())
          .add(Integer.valueOf(name.group(2)));
    }
    List<String> lines = new ArrayList<>(List.of("| design | opsets |", "| --- | --- |"));
    opsets.forEach(
        (design, all) ->
            lines.add(
                "| "
                    + design
                    + " | "
                    + String.join(", ", all.stream().map(String::valueOf).toList())
                    + " |"));
    ReadingPage.assertSays(part, lines);
  }
}
