package shallows.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What docs/stability.md promises is what the classes have, word for word. */
class PublicApiTest {
  private static final Path REVIEWED = Path.of("api.txt");
  private static final Path PROMISE = Path.of("../docs/stability.md");
  private static final List<String> PACKAGES =
      List.of("shallows.pipeline", "shallows.pipeline.event");

  @Test
  void isWhatWasReviewed() throws IOException {
    String found = new PublicApi(Shallows.class, PACKAGES).text();
    if (Boolean.getBoolean("api.rewrite")) {
      Files.writeString(REVIEWED, found);
    }
    assertEquals(
        Files.readString(REVIEWED),
        found,
        "the public API is another than that of pipeline/api.txt; if that is meant, rewrite the"
            + " file with mvn test -pl pipeline -am -Dtest=PublicApiTest -Dapi.rewrite=true"
            + " -Dsurefire.failIfNoSpecifiedTests=false, and review its difference");
  }

  @Test
  void isOfThePackagesThatArePromised() throws IOException {
    String promise = Files.readString(PROMISE);
    for (String name : PACKAGES) {
      assertTrue(promise.contains("`" + name + "`"), name);
    }
  }
}
