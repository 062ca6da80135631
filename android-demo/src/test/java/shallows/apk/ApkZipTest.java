package shallows.apk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApkZipTest {
  @TempDir private Path folder;

  @Test
  void theBytesDoNotDependOnTheZoneOfTheClock() throws IOException {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      Path there = written("there.zip");
      TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
      assertEquals(-1, Files.mismatch(there, written("here.zip")));
    } finally {
      TimeZone.setDefault(before);
    }
  }

  private Path written(String name) {
    Path zip = folder.resolve(name);
    ApkZip.write(zip, new TreeMap<>(Map.of("a.txt", new byte[10], "b.png", new byte[10])));
    return zip;
  }
}
