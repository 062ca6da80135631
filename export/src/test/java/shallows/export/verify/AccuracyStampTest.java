package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.support.metadata.MetadataExtractor;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.ExportedFile;
import shallows.export.ShakenNetworks;
import shallows.export.TestExport;
import shallows.export.metadata.StatedAccuracy;
import shallows.export.runtime.ModelTask;
import shallows.export.runtime.RuntimeClassifier;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;

class AccuracyStampTest {
  private static final Graph GRAPH = ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28));
  private static final Verification.Images IMAGES = new Verification.Images("pictures", 200);

  @TempDir Path folder;

  @Test
  void aFileThatWasNotVerifiedSaysSo() {
    // As a file of ours does that somebody trains on: what it was before is no measurement of it.
    Graph claims = GRAPH.withMetadata(StatedAccuracy.KEY, "0.9999 of something else");
    for (ExportedFile file : exported(claims)) {
      assertEquals(Optional.of("not measured"), ModelTask.statedAccuracy(file.in(folder)));
    }
  }

  @Test
  void theMeasurementReplacesIt() {
    for (ExportedFile file : exported(GRAPH)) {
      stamp(file, 0.875, "A 1.0");
      assertEquals(
          Optional.of("0.8750 on the 200 test images of pictures, in A 1.0"),
          ModelTask.statedAccuracy(file.in(folder)));
      stamp(file, 0.5, "B 2.0");
      assertEquals(
          Optional.of("0.5000 on the 200 test images of pictures, in B 2.0"),
          ModelTask.statedAccuracy(file.in(folder)));
    }
  }

  @Test
  void theSameMeasurementGivesTheSameBytes() throws Exception {
    for (ExportedFile file : exported(GRAPH)) {
      stamp(file, 0.875, "A 1.0");
      byte[] first = Files.readAllBytes(file.in(folder));
      stamp(file, 0.875, "A 1.0");
      assertArrayEquals(first, Files.readAllBytes(file.in(folder)));
    }
  }

  @Test
  void theNetworkOfATfliteFileKeepsEveryByteAndTheFileItsSize() throws Exception {
    ExportedFile exported = exported(GRAPH, ExportFormat.TFLITE);
    byte[] before = Files.readAllBytes(exported.in(folder));
    stamp(exported, 0.875, "TFLite 2.21.0");
    byte[] after = Files.readAllBytes(exported.in(folder));
    int archive = indexOf(before, "PK\3\4");
    assertEquals(before.length, after.length);
    assertTrue(Arrays.equals(before, 0, archive, after, 0, archive));
    MetadataExtractor extractor = new MetadataExtractor(ByteBuffer.wrap(after));
    byte[] said = extractor.getAssociatedFile("accuracy.txt").readAllBytes();
    assertEquals(
        "0.8750 on the 200 test images of pictures, in TFLite 2.21.0",
        new String(said, StandardCharsets.UTF_8).strip());
    assertTrue(extractor.getAssociatedFile("labels.txt").readAllBytes().length > 10);
  }

  @Test
  void anOnnxFileDiffersInItsMetadataAlone() throws Exception {
    ExportedFile file = exported(GRAPH, ExportFormat.ONNX);
    ModelProto before = ModelProto.parseFrom(Files.readAllBytes(file.in(folder)));
    stamp(file, 0.875, "ONNX Runtime 1.29.0");
    ModelProto after = ModelProto.parseFrom(Files.readAllBytes(file.in(folder)));
    assertEquals(before.getMetadataPropsCount(), after.getMetadataPropsCount());
    assertEquals(
        before.toBuilder().clearMetadataProps().build(),
        after.toBuilder().clearMetadataProps().build());
    try (OrtSession session =
        OrtEnvironment.getEnvironment()
            .createSession(file.in(folder).toString(), new OrtSession.SessionOptions())) {
      assertEquals(
          Optional.of("0.8750 on the 200 test images of pictures, in ONNX Runtime 1.29.0"),
          session.getMetadata().getCustomMetadataValue("shallows.provenance.accuracy"));
    }
  }

  @Test
  void aStampedFileAnswersAsBefore() {
    float[] image = new float[28 * 28];
    Arrays.fill(image, 0.5f);
    for (ExportedFile file : exported(GRAPH)) {
      float[] before = logits(file, image);
      stamp(file, 0.875, "A 1.0");
      assertArrayEquals(before, logits(file, image));
    }
  }

  @Test
  void aDamagedFileIsNamed() throws Exception {
    ExportedFile file = exported(GRAPH, ExportFormat.TFLITE);
    byte[] content = Files.readAllBytes(file.in(folder));
    Files.write(file.in(folder), Arrays.copyOf(content, content.length - 10));
    String line = assertThrows(BadInputException.class, () -> stamp(file, 0.5, "A")).getMessage();
    assertTrue(line.startsWith(file.file() + ": "), line);
  }

  private float[] logits(ExportedFile file, float[] image) {
    try (RuntimeClassifier classifier = RuntimeClassifier.open(file.in(folder), 1)) {
      return classifier.logits(image, 1)[0];
    }
  }

  private List<ExportedFile> exported(Graph graph) {
    return List.of(exported(graph, ExportFormat.ONNX), exported(graph, ExportFormat.TFLITE));
  }

  private ExportedFile exported(Graph graph, ExportFormat format) {
    return TestExport.of(
            graph,
            Optional.empty(),
            "run",
            folder,
            ExportSettings.of(Set.of(format), Set.of(ExportPrecision.FP32)),
            () -> {
              throw new AssertionError("floats need no calibration");
            })
        .files()
        .get(0);
  }

  private static FileCheck check(ExportedFile file, double accuracy, String runtime) {
    return new FileCheck(
        file.file(),
        runtime,
        accuracy,
        1.0,
        0.0,
        null,
        0.0,
        0,
        0,
        new Latency(1, 1),
        null,
        null,
        true,
        "");
  }

  private void stamp(ExportedFile file, double accuracy, String runtime) {
    try {
      byte[] content = Files.readAllBytes(file.in(folder));
      FileCheck check = check(file, accuracy, runtime);
      Files.write(file.in(folder), AccuracyStamp.stamped(content, file.format(), check, IMAGES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int indexOf(byte[] file, String part) {
    int found = new String(file, StandardCharsets.ISO_8859_1).indexOf(part);
    assertTrue(found > 0, "the file does not hold the part");
    return found;
  }
}
