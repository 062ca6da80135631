package shallows.train.libtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.model.BadInputException;
import shallows.train.options.Compute;

class LibTorchTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "__version__ = '2.7.1+cu126';cuda: Optional[str] = '12.6';hip: Optional[str] = None|2.7.1|cu126",
        "__version__ = '2.7.1+cu128';cuda: Optional[str] = '12.8'|2.7.1|cu128",
        "__version__ = '2.7.1+cpu';cuda: Optional[str] = None|2.7.1|cpu",
        "__version__ = '2.7.1+rocm6.3';cuda: Optional[str] = None;hip: Optional[str] = '6.3.4'|2.7.1|rocm",
        "__version__ = '2.7.1';debug = False;cuda = None|2.7.1|cpu",
        "__version__ = '2.10.0+cu130';cuda: Optional[str] = '13.0'|2.10.0|cu130"
      })
  void aPythonSaysWhatItHas(String lines, String version, String flavor) throws IOException {
    write("version.py", lines.replace(';', '\n'));
    assertEquals(new LibTorch(libraries(), version, flavor), read(Map.of()));
  }

  @ParameterizedTest
  @CsvSource({"2.7.1+cu128, 2.7.1, cu128", "2.7.1+cpu, 2.7.1, cpu", "2.5.1, 2.5.1, cpu"})
  void anArchiveSaysWhatItIs(String text, String version, String flavor) throws IOException {
    write("build-version", text + "\n");
    assertEquals(new LibTorch(libraries(), version, flavor), read(Map.of()));
  }

  @Test
  void aFolderOfDjlSaysItByItsName() {
    for (String name : new String[] {"2.7.1-0-cu128-linux-x86_64", "2.7.1-cu128-win-x86_64"}) {
      LibTorch torch = LibTorch.in(folder.resolve(name), Map.of());
      assertEquals("2.7.1 cu128", torch.version() + " " + torch.flavor());
    }
  }

  @Test
  void whereNothingElseSaysItTheEnvironmentDoes() throws IOException {
    Files.createDirectories(libraries());
    Map<String, String> said = Map.of(Variables.VERSION, "2.7.1", Variables.FLAVOR, "cu128");
    assertEquals(new LibTorch(libraries(), "2.7.1", "cu128"), read(said));
    BadInputException e = assertThrows(BadInputException.class, () -> read(Map.of()));
    assertTrue(e.getMessage().contains("expected version.py or build-version"), e.getMessage());
    // A Python's folder that says nothing stands in nobody's way.
    assertEquals(Optional.empty(), LibTorch.stated(libraries(), Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "2.7.1, cpu, true, false",
    "2.7.1, cu126, true, true",
    "2.7.1, cu128, true, true",
    "2.7.1, cu118, false, false",
    "2.7.1, cu, false, false",
    "2.7.1, rocm, false, false",
    "2.7.0, cu128, false, false",
    "2.8.0, cpu, false, false"
  })
  void whatDjlFits(String version, String flavor, boolean processor, boolean gpu) {
    assumeTrue(JniLibrary.isThereForCuda(), "no GPU can be used on this system");
    LibTorch torch = new LibTorch(folder, version, flavor);
    assertEquals(processor, torch.fits(false));
    assertEquals(gpu, torch.fits(true));
  }

  @Test
  void whatIsNamedAndDoesNotFitIsRefusedBeforeAnythingIsLoaded() throws IOException {
    write("build-version", "2.5.1+cpu");
    Files.createFile(libraries().resolve(LibTorch.LIBRARY));
    String path = folder.resolve("none") + File.pathSeparator + libraries();
    assertRefused(path, "expected LibTorch 2.7.1, found 2.5.1 for the processor in " + libraries());
    assertRefused(folder.toString(), "expected a folder with " + LibTorch.LIBRARY);
  }

  @Test
  void whatIsReproducibleComputesWithWhatShallowsBrings() throws IOException {
    write("build-version", "2.7.1+cpu");
    Files.createFile(libraries().resolve(LibTorch.LIBRARY));
    Map<String, String> environment = Map.of(Variables.FOLDER, libraries().toString());
    Compute compute = Compute.cpu(1);
    assertEquals(libraries(), LibTorchChoice.of(compute, environment).folder().orElseThrow());
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () -> LibTorchChoice.of(compute.withReproducible(true), environment));
    assertTrue(e.getMessage().startsWith("reproducible: expected the LibTorch"), e.getMessage());
  }

  @Test
  void variablesThatWouldHaveDjlFetchAnotherAreRefused() {
    for (Map<String, String> fine :
        List.of(Map.<String, String>of(), Map.of(Variables.VERSION, "2.7.1"))) {
      assertTrue(LibTorchChoice.of(Compute.cpu(1), fine).settings().isEmpty());
    }
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () -> LibTorchChoice.of(Compute.cpu(1), Map.of(Variables.VERSION, "2.5.1")));
    assertEquals("PYTORCH_VERSION: expected 2.7.1, found 2.5.1; unset it", e.getMessage());
  }

  private static void assertRefused(String path, String words) {
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () -> LibTorchChoice.of(Compute.cpu(1), Map.of(Variables.FOLDER, path)));
    assertTrue(e.getMessage().startsWith("PYTORCH_LIBRARY_PATH: " + words), e.getMessage());
  }

  private LibTorch read(Map<String, String> environment) {
    return LibTorch.in(libraries(), environment);
  }

  private Path libraries() {
    return folder.resolve("torch/lib");
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(libraries());
    Files.writeString(libraries().resolveSibling(name), text);
  }
}
