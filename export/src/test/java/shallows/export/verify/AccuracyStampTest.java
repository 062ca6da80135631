package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
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
import shallows.export.ExportOptions;
import shallows.export.ExportPrecision;
import shallows.export.ExportedFile;
import shallows.export.Exporter;
import shallows.export.NetworkForm;
import shallows.export.ShakenNetworks;
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
      assertEquals(Optional.of("not measured"), ModelTask.statedAccuracy(file.path()));
    }
  }

  @Test
  void theMeasurementReplacesIt() {
    for (ExportedFile file : exported(GRAPH)) {
      ExportCheck stamped = AccuracyStamp.put(file.path(), check(file, 0.875, "A 1.0"), IMAGES);
      assertEquals(
          Optional.of("0.8750 on the 200 test images of pictures, in A 1.0"),
          ModelTask.statedAccuracy(file.path()));
      assertEquals(file.path().toFile().length(), stamped.bytes());
      AccuracyStamp.put(file.path(), check(file, 0.5, "B 2.0"), IMAGES);
      assertEquals(
          Optional.of("0.5000 on the 200 test images of pictures, in B 2.0"),
          ModelTask.statedAccuracy(file.path()));
    }
  }

  @Test
  void theSameMeasurementGivesTheSameBytes() throws Exception {
    for (ExportedFile file : exported(GRAPH)) {
      AccuracyStamp.put(file.path(), check(file, 0.875, "A 1.0"), IMAGES);
      byte[] first = Files.readAllBytes(file.path());
      AccuracyStamp.put(file.path(), check(file, 0.875, "A 1.0"), IMAGES);
      assertArrayEquals(first, Files.readAllBytes(file.path()));
    }
  }

  @Test
  void theNetworkOfATfliteFileKeepsEveryByteAndTheFileItsSize() throws Exception {
    Path file = exported(GRAPH, ExportFormat.TFLITE).path();
    byte[] before = Files.readAllBytes(file);
    AccuracyStamp.put(
        file, check(exported(GRAPH, ExportFormat.TFLITE), 0.875, "TFLite 2.21.0"), IMAGES);
    byte[] after = Files.readAllBytes(file);
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
    ModelProto before = ModelProto.parseFrom(Files.readAllBytes(file.path()));
    AccuracyStamp.put(file.path(), check(file, 0.875, "ONNX Runtime 1.29.0"), IMAGES);
    ModelProto after = ModelProto.parseFrom(Files.readAllBytes(file.path()));
    assertEquals(before.getMetadataPropsCount(), after.getMetadataPropsCount());
    assertEquals(
        before.toBuilder().clearMetadataProps().build(),
        after.toBuilder().clearMetadataProps().build());
    try (OrtSession session =
        OrtEnvironment.getEnvironment()
            .createSession(file.path().toString(), new OrtSession.SessionOptions())) {
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
      AccuracyStamp.put(file.path(), check(file, 0.875, "A 1.0"), IMAGES);
      assertArrayEquals(before, logits(file, image));
    }
  }

  @Test
  void aDamagedFileIsNamed() throws Exception {
    ExportedFile file = exported(GRAPH, ExportFormat.TFLITE);
    byte[] content = Files.readAllBytes(file.path());
    Files.write(file.path(), Arrays.copyOf(content, content.length - 10));
    String line =
        assertThrows(
                BadInputException.class,
                () -> AccuracyStamp.put(file.path(), check(file, 0.5, "A"), IMAGES))
            .getMessage();
    assertTrue(line.startsWith(file.path() + ": "), line);
  }

  private static float[] logits(ExportedFile file, float[] image) {
    try (RuntimeClassifier classifier = RuntimeClassifier.open(file.path(), 1)) {
      return classifier.logits(image, 1)[0];
    }
  }

  private List<ExportedFile> exported(Graph graph) {
    return List.of(exported(graph, ExportFormat.ONNX), exported(graph, ExportFormat.TFLITE));
  }

  private ExportedFile exported(Graph graph, ExportFormat format) {
    return Exporter.exportPruned(
            graph,
            "run",
            folder,
            ExportOptions.of(Set.of(format), Set.of(ExportPrecision.FP32)),
            () -> {
              throw new AssertionError("floats need no calibration");
            })
        .get(0);
  }

  private static ExportCheck check(ExportedFile file, double accuracy, String runtime) {
    return new ExportCheck(
        file.path().getFileName().toString(),
        NetworkForm.PRUNED,
        file.format(),
        file.precision(),
        1,
        runtime,
        accuracy,
        1.0,
        0.0,
        new Latency(1, 1),
        true,
        "",
        0.0,
        null,
        0,
        0);
  }

  private static int indexOf(byte[] file, String part) {
    int found = new String(file, StandardCharsets.ISO_8859_1).indexOf(part);
    assertTrue(found > 0, "the file does not hold the part");
    return found;
  }
}
