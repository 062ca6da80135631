package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("trains")
class SweepTest {
  @TempDir private Path folder;

  @Test
  void goesOnWhereItWasAndGrowsWhenAskedForMore() throws IOException {
    Path data = TestPictures.writeFolder(folder.resolve("pictures"), 30, "cat", "dog");
    Path out = folder.resolve("sweep");
    assertEquals(2, begun(sweep(data, out, "linear:0.5")));
    assertEquals(0, begun(sweep(data, out, "linear:0.5")));
    assertEquals(2, begun(sweep(data, out, "linear:0.5,none")));
    JsonArray points =
        JsonParser.parseString(Files.readString(out.resolve("sweep.json")))
            .getAsJsonObject()
            .getAsJsonArray("points");
    assertEquals(2, points.size());
    assertEquals(0.5, points.get(0).getAsJsonObject().get("last").getAsDouble());
    assertEquals(1, points.get(0).getAsJsonObject().getAsJsonArray("cuts").size());
    String page = Files.readString(out.resolve("sweep.html"));
    assertTrue(page.contains("2 of 2 trainings of 1 epochs."), "finished");
    assertTrue(page.contains("charts.sweep"), "the chart");
  }

  @Test
  void whatCannotBeTrainedIsRefusedBeforeAnythingIs() throws IOException {
    Path out = folder.resolve("sweep");

    String line =
        CommandLineSession.refusal("sweep", "--networks", "resnet-8-s2,resnet-9", "--out", out);

    assertTrue(line.contains("--network 'resnet-9': expected one of"), line);
    assertTrue(Files.notExists(out));
  }

  @Test
  void theFolderOfARunIsNoSweeps() throws IOException {
    Path out = Files.createDirectory(folder.resolve("run"));
    Files.writeString(out.resolve("run.json"), "{}");

    String line = CommandLineSession.refusal("sweep", "--out", out);

    assertTrue(line.contains("found a run; choose another --out"), line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hadoop", "spark://host", "spark://host:port", "spark://:7077", "Spark"})
  void aPlaceThatThereIsNotIsRefused(String where) {
    String line = CommandLineSession.refusal("sweep", "--on", where, "--out", folder.resolve("no"));

    assertTrue(
        line.contains("--on: expected spark or spark://HOST:PORT, found '" + where + "'"), line);
  }

  @Test
  void sparkIsBroughtByTheLauncher() throws IOException {
    Path data = TestPictures.writeFolder(folder.resolve("pictures"), 30, "cat", "dog");

    String line =
        CommandLineSession.refusal(
            "sweep", "--on", "spark", "--data", data, "--out", folder.resolve("sweep"));

    assertTrue(line.contains("--on spark: expected to be started by ./shallows"), line);
    assertTrue(Files.notExists(folder.resolve("sweep")));
  }

  private static CommandLineSession sweep(Path data, Path out, String survivals) {
    CommandLineSession session =
        CommandLineSession.of(
            "sweep",
            "--data",
            data,
            "--networks",
            "resnet-8-s2",
            "--survivals",
            survivals,
            "--seeds",
            1,
            "--max-drops",
            1,
            "--epochs",
            1,
            "--out",
            out,
            "--quiet");
    assertEquals(0, session.status(), session.toString());
    return session;
  }

  private static long begun(CommandLineSession session) {
    return session.err().stream().filter(line -> line.contains("begins ")).count();
  }
}
