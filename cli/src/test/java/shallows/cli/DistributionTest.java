package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;

/**
 * ./shallows where all jars lie beside it in {@code lib}, with the classes of this test and a Maven
 * that says when it is called.
 */
class DistributionTest {
  @TempDir Path temporary;
  private Checkout distribution;
  private Path model;

  @BeforeEach
  void unpack() throws Exception {
    distribution = Checkout.distribution(temporary.resolve("un packed"));
    model = temporary.resolve("model.onnx");
    Files.write(
        model,
        OnnxWriter.bytes(Networks.create("resnet-8-s2", Shape.of(1, 8, 8), Task.unnamed(3, 1), 1)));
  }

  @Test
  void runsThroughALinkWithoutMaven() throws Exception {
    Path image = TestPictures.write(temporary.resolve("a.png"), 8, 8, 1);
    Path link =
        Files.createSymbolicLink(temporary.resolve("command"), Path.of(distribution.script()));

    String said = said(0, link, "classify", model, image);

    assertTrue(said.startsWith(image + "  class "), said);
    assertEquals(1, said.lines().count(), said);
  }

  @Test
  void saysThatItHasNoApp() throws Exception {
    String said = said(2, distribution.script(), "apk", temporary);

    assertEquals(1, said.lines().count(), said);
    assertTrue(said.contains("a distribution with the app"), said);
  }

  @Test
  void saysThatItIsOfAnotherPlatform() throws Exception {
    Files.writeString(distribution.root().resolve("platform"), "linux-none");

    String said = said(2, distribution.script(), "inspect", model);

    assertEquals(1, said.lines().count(), said);
    assertTrue(said.contains("linux-none, found " + Checkout.PLATFORM), said);
  }

  @Test
  void saysThatPartsOfItAreMissing() throws Exception {
    Files.delete(distribution.root().resolve("lib/shallows-cli.jar"));

    String said = said(2, distribution.script(), "inspect", model);

    assertEquals(1, said.lines().count(), said);
    assertTrue(said.contains("unpack it again"), said);
  }

  private String said(int status, Object script, Object... words) throws Exception {
    Path tools = Files.createDirectories(temporary.resolve("tools"));
    Path maven = Files.writeString(tools.resolve("mvn"), "#!/bin/sh\necho built\nexit 1\n");
    assertTrue(maven.toFile().setExecutable(true));
    Path output = temporary.resolve("said.txt");
    ProcessBuilder builder =
        distribution.command(List.of(words).stream().map(String::valueOf).toList());
    builder.command().set(0, script.toString());
    builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertTrue(process.waitFor(3, TimeUnit.MINUTES));
    String said = Files.readString(output);
    assertEquals(status, process.exitValue(), said);
    return said;
  }
}
