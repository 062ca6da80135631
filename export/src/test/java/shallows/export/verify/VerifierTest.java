package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import shallows.data.LabelledImages;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.export.BinaryNetworks;
import shallows.export.ExportFormat;
import shallows.export.ExportManifest;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.ExportedFile;
import shallows.export.NetworkForm;
import shallows.export.ShakenNetworks;
import shallows.export.TestExport;
import shallows.export.TestImages;
import shallows.export.answers.Answers;
import shallows.export.answers.ClassAnswers;
import shallows.export.pass.ExportPasses;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.progress.Progress;

class VerifierTest {
  private static final Graph FULL =
      TestImages.centred(ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28)));
  private static final LabelledImages TEST = TestImages.labelledBy(FULL, 80);

  /** Labels come from the full network, which a random pruned one does not follow. */
  private static final double ANY_DROP = 100;

  private static final VerifierOptions QUICK = new VerifierOptions(ANY_DROP, 4, 0, 1, 1, 1, 5, 10);

  @TempDir Path folder;

  @Test
  void filesAsTheExporterWritesThemPass() {
    Graph pruned = BinaryNetworks.of(Rewrites.drop(FULL, Set.of(FULL.blocks().get(1).name())));
    List<ExportedFile> files = export(Optional.of(pruned));
    Verification verification = verify(QUICK, Optional.of(pruned), files);
    assertEquals(6, verification.files().size());
    for (FileCheck check : verification.files()) {
      assertTrue(check.passed(), check.file() + ": " + check.reason());
      assertTrue(check.agreement() >= 0.98, check.file());
      assertTrue(check.latencyMs().median() <= check.latencyMs().p90());
      assertTrue(check.latencyMs().median() > 0);
    }
    assertTrue(verification.passed(new ExportManifest(files)));
    assertEquals(1, verification.expectationAccuracy());
    assertAnswers(verification, files.size());
    assertEquals(80, verification.images().count());
    assertEquals(4, verification.ensemble().members());
  }

  /** Of the full network, the pruned one and each file, all of one story. */
  private static void assertAnswers(Verification verification, int files) {
    assertEquals(2 + files, verification.answers().size());
    assertNull(verification.answers().get(0).changes(), "the full network is compared with itself");
    for (FileCheck check : verification.files()) {
      Answers answers =
          verification.answers().stream()
              .filter(each -> check.file().equals(each.by().file()))
              .findFirst()
              .orElseThrow();
      assertEquals(check.accuracy(), answers.accuracy());
      assertEquals(
          check.accuracy() - check.augmented().accuracy(),
          (check.augmented().lost() - check.augmented().won()) / 80.0,
          1e-9);
      assertEquals("flip", check.augmented().copies());
      assertEquals(check.lost(), answers.changes().lost());
      assertEquals(check.won(), answers.changes().won());
      assertEquals(check.lost(), answers.classes().stream().mapToInt(ClassAnswers::lost).sum());
      assertEquals(
          80, answers.wrong() + answers.classes().stream().mapToInt(ClassAnswers::right).sum());
    }
  }

  /** What rounding does to the outputs is no fault, and a weight that is rounded otherwise is. */
  @ParameterizedTest
  @EnumSource(
      value = ExportPrecision.class,
      names = {"FP16", "INT8_WEIGHTS"})
  void filesOfRoundedWeightsAnswerWithThese(ExportPrecision precision) {
    List<ExportedFile> files = export(Optional.empty(), EnumSet.of(precision));
    for (FileCheck check : verify(QUICK, Optional.empty(), files).files()) {
      assertTrue(check.passed(), check.reason());
      assertTrue(check.maxAbsDifference() > 0, "the exact weights");
    }
    Graph folded = ExportPasses.all(FULL);
    TfliteWriter.write(folded, TfliteOptions.STANDARD, files.get(1).in(folder));
    FileCheck exact = verify(QUICK, Optional.empty(), files).files().get(1);
    assertFalse(exact.passed());
    assertTrue(exact.reason().startsWith("outputs differ by "), exact.reason());
  }

  @Test
  void aFileOfOtherWeightsFails() {
    List<ExportedFile> files = export(Optional.empty());
    Graph other = ShakenNetworks.shaken(FULL.withName("other"));
    String weight = other.nodes().get(0).inputs().get(1);
    float[] changed = other.parameter(weight).values().clone();
    changed[0] += 0.01f;
    Graph nearly =
        other.withParameters(Map.of(weight, new Tensor(other.parameter(weight).shape(), changed)));
    TfliteWriter.write(nearly, TfliteOptions.STANDARD, files.get(1).in(folder));
    Verification verification = verify(QUICK, Optional.empty(), files);
    assertTrue(verification.files().get(0).passed());
    assertFalse(verification.files().get(1).passed());
    assertTrue(verification.files().get(1).reason().startsWith("outputs differ by "));
    assertFalse(verification.passed(new ExportManifest(files)));
  }

  @Test
  void aPrunedNetworkThatLostTooMuchFails() {
    Graph stripped =
        Rewrites.drop(FULL, Set.copyOf(FULL.blocks().stream().map(Block::name).toList()));
    List<ExportedFile> files = export(Optional.of(stripped));
    Verification verification = verify(QUICK.withMaxDrop(1), Optional.of(stripped), files);
    for (FileCheck check : verification.files()) {
      boolean full = files.get(verification.files().indexOf(check)).network() == NetworkForm.FULL;
      assertEquals(full, check.passed(), check.file());
      assertEquals(!check.passed(), check.reason().contains("that may be lost"));
      // The labels are the full network's own answers, so there is nothing to gain.
      assertEquals(0, check.won());
      assertEquals(TEST.size() * (1 - check.accuracy()), check.lost(), 1e-9);
    }
    assertTrue(verification.prunedAccuracy() < 0.9);
  }

  @Test
  void aFileOfTheFullNetworkDoesNotDecideOverTheOthers() throws Exception {
    Graph pruned = Rewrites.drop(FULL, Set.of(FULL.blocks().get(1).name()));
    List<ExportedFile> files = export(Optional.of(pruned));
    ExportManifest manifest = new ExportManifest(files);
    for (ExportedFile file : files) {
      if (file.network() == NetworkForm.FULL) {
        Files.write(file.in(folder), new byte[] {1, 2, 3});
      }
    }
    Verification verification = verify(QUICK, Optional.of(pruned), files);
    assertTrue(verification.passed(manifest));
    assertFalse(verification.rejects(manifest, null));
    for (ExportedFile file : files) {
      Files.write(file.in(folder), new byte[] {1, 2, 3});
    }
    Verification nothing = verify(QUICK, Optional.of(pruned), files);
    assertFalse(nothing.passed(manifest));
    assertTrue(nothing.rejects(manifest, null));
    assertEquals(Optional.empty(), nothing.best(manifest, null));
  }

  @Test
  void aCorruptFileFailsAndTheOthersAreStillVerified() throws Exception {
    List<ExportedFile> files = export(Optional.empty());
    Files.write(files.get(0).in(folder), new byte[] {1, 2, 3});
    Verification verification = verify(QUICK, Optional.empty(), files);
    assertFalse(verification.files().get(0).passed());
    assertTrue(verification.files().get(0).reason().contains("expected an ONNX model"));
    assertNull(verification.files().get(0).accuracy());
    assertNull(verification.files().get(0).agreement());
    assertNull(verification.files().get(0).maxAbsDifference());
    assertNull(verification.files().get(0).latencyMs());
    Path json = folder.resolve("verify.json");
    verification.write(json);
    assertTrue(Files.readString(json).contains("\"latencyMs\": null"));
    assertEquals(verification, Verification.read(json));
    assertTrue(verification.files().get(1).passed());
  }

  @Test
  void aFileForOtherImagesFails() {
    List<ExportedFile> files = export(Optional.empty());
    TfliteWriter.write(
        ShakenNetworks.create("resnet-8-s2", Shape.of(3, 28, 28)),
        TfliteOptions.STANDARD,
        files.get(1).in(folder));
    FileCheck check = verify(QUICK, Optional.empty(), files).files().get(1);
    assertFalse(check.passed());
    assertTrue(check.reason().contains("expected images (1, 28, 28)"), check.reason());
  }

  @Test
  void verifyJsonHasTheFieldsOfTheReport() throws Exception {
    Path file = folder.resolve("verify.json");
    Verification verification = verify(QUICK, Optional.empty(), export(Optional.empty()));
    verification.write(file);
    JsonObject check =
        JsonParser.parseString(Files.readString(file))
            .getAsJsonObject()
            .getAsJsonArray("files")
            .get(0)
            .getAsJsonObject();
    assertTrue(
        check
            .keySet()
            .containsAll(
                Set.of(
                    "file",
                    "runtime",
                    "accuracy",
                    "agreement",
                    "maxAbsDifference",
                    "latencyMs",
                    "passed")));
    assertEquals(verification, Verification.read(file));
  }

  @Test
  void theSameSeedGivesTheSameEnsembleAndAnotherSeedAnother() {
    Verification first = verify(QUICK, Optional.empty(), List.of());
    Verification second = verify(QUICK, Optional.empty(), List.of());
    assertEquals(first, second);
    // Other members of the ensemble answer otherwise, though some draws may be as accurate.
    Set<Double> accuracies = new HashSet<>();
    for (long seed = 0; seed < 8; seed++) {
      VerifierOptions other = new VerifierOptions(ANY_DROP, 4, seed, 1, 1, 1, 5, 10);
      accuracies.add(verify(other, Optional.empty(), List.of()).ensemble().accuracy());
    }
    assertTrue(accuracies.size() > 1, accuracies.toString());
  }

  @Test
  void refusesToDrawRegionsOfANetworkWithout() {
    Verifier verifier =
        new Verifier(
            VerifierOptions.defaults(1),
            TEST,
            Optional.of(TestTimeAugmentation.ofDraws(3)),
            Progress.SILENT);
    String message =
        assertThrows(
                BadInputException.class,
                () ->
                    verifier.verify(
                        Optional.empty(),
                        TestNetworks.of(FULL, Optional.empty()),
                        folder,
                        List.of()))
            .getMessage();
    assertTrue(message.contains("fractional max-pooling"), message);
  }

  private List<ExportedFile> export(Optional<Graph> pruned) {
    return export(pruned, EnumSet.of(ExportPrecision.FP32, ExportPrecision.BINARY));
  }

  private List<ExportedFile> export(Optional<Graph> pruned, EnumSet<ExportPrecision> precisions) {
    return TestExport.of(
            FULL,
            pruned,
            "run",
            folder,
            ExportSettings.of(EnumSet.allOf(ExportFormat.class), precisions),
            () -> fail("asked for images"))
        .files();
  }

  private Verification verify(
      VerifierOptions options, Optional<Graph> pruned, List<ExportedFile> files) {
    return new Verifier(
            options, TEST, Optional.of(new TestTimeAugmentation(true, 1)), Progress.SILENT)
        .verify(Optional.empty(), TestNetworks.of(FULL, pruned), folder, files);
  }
}
