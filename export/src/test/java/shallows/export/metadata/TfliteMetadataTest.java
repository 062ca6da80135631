package shallows.export.metadata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.support.metadata.MetadataExtractor;
import org.tensorflow.lite.support.metadata.schema.ModelMetadata;
import org.tensorflow.lite.support.metadata.schema.NormalizationOptions;
import org.tensorflow.lite.support.metadata.schema.TensorMetadata;
import shallows.export.BinaryNetworks;
import shallows.export.ShakenNetworks;
import shallows.export.onnx.BinaryOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.interpreter.Interpreter;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

class TfliteMetadataTest {
  private static final List<String> LABELS =
      List.of("T-shirt/top", "Trouser", "Schuh <ß>", "ш", "e", "f", "g", "h", "i", "j");
  private static final Task TASK = new Task(LABELS, List.of(0.28685036f), List.of(0.35396928f));
  private static final Graph GRAPH =
      ExportPasses.all(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)).withTask(TASK));
  private static final Provenance PROVENANCE =
      new Provenance(
          "shallows 0.1.0",
          "resnet-8-s2",
          "pictures",
          Optional.of("images: MIT licence"),
          7,
          "linear:0.5",
          "3 blocks: 2 kept, 1 binarized, 0 dropped");

  /** One rounding for the factor 255, one back. */
  private static final float TWO_ROUNDINGS = 2 * Math.ulp(1f);

  private static final int MUTATIONS = 2000;

  @TempDir Path folder;

  @Test
  void theMetadataExtractorReadsIt() throws Exception {
    byte[] file = TfliteWriter.bytes(PROVENANCE.applyTo(GRAPH));
    MetadataExtractor extractor = new MetadataExtractor(ByteBuffer.wrap(file));
    ModelMetadata model = extractor.getModelMetadata();
    assertEquals(GRAPH.name(), model.name());
    assertEquals("shallows 0.1.0", model.version());
    assertEquals("images: MIT licence", model.license());
    assertEquals(
        "Image classifier of 10 classes. tool: shallows 0.1.0; network: resnet-8-s2; data:"
            + " pictures; licence: images: MIT licence; seed: 7; survival: linear:0.5; plan: 3"
            + " blocks: 2 kept, 1 binarized, 0 dropped.",
        model.description());
    TensorMetadata input = extractor.getInputTensorMetadata(0);
    NormalizationOptions normalization =
        (NormalizationOptions) input.processUnits(0).options(new NormalizationOptions());
    assertEquals(0.28685036f * 255, normalization.mean(0));
    assertEquals(0.35396928f * 255, normalization.std(0));
    assertEquals(Set.of("labels.txt", "accuracy.txt"), extractor.getAssociatedFileNames());
    assertEquals("accuracy.txt", model.associatedFiles(0).name());
    byte[] accuracy = extractor.getAssociatedFile("accuracy.txt").readAllBytes();
    assertEquals("not measured", new String(accuracy, StandardCharsets.UTF_8).strip());
    assertEquals("labels.txt", extractor.getOutputTensorMetadata(0).associatedFiles(0).name());
    byte[] labels = extractor.getAssociatedFile("labels.txt").readAllBytes();
    assertEquals(LabelsFile.content(LABELS), new String(labels, StandardCharsets.UTF_8));
    assertArrayEquals(new int[] {1, 28, 28, 1}, extractor.getInputTensorShape(0));
  }

  @Test
  void theFileIsAZipArchiveForOthersToo() throws Exception {
    Path file = folder.resolve("a.tflite");
    TfliteWriter.write(GRAPH, TfliteOptions.STANDARD, file);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertEquals(2, zip.size());
      byte[] labels = zip.getInputStream(zip.getEntry("labels.txt")).readAllBytes();
      assertEquals(LabelsFile.content(LABELS), new String(labels, StandardCharsets.UTF_8));
    }
  }

  @Test
  void theRuntimeTakesItAndAnswersAsBefore() {
    float[] image = new float[28 * 28];
    Arrays.fill(image, 0.5f);
    float[] expected =
        Interpreter.run(GRAPH, new shallows.model.graph.Tensor(Shape.of(1, 1, 28, 28), image))
            .values();
    try (TfliteClassifier classifier =
        TfliteClassifier.open(TfliteWriter.bytes(PROVENANCE.applyTo(GRAPH)), "a.tflite", 1)) {
      // The 1e-4 of a fp32 file's tolerance, of a range of about ten.
      assertArrayEquals(expected, classifier.logits(image, 1)[0], 1e-3f);
    }
  }

  @Test
  void theSameGraphGivesTheSameBytesInEveryTimeZone() {
    TimeZone before = TimeZone.getDefault();
    byte[] file = TfliteWriter.bytes(PROVENANCE.applyTo(GRAPH));
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      assertArrayEquals(file, TfliteWriter.bytes(PROVENANCE.applyTo(GRAPH)));
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void theTaskComesBack() {
    Task read = TfliteTask.read(TfliteWriter.bytes(GRAPH), "a.tflite").orElseThrow();
    assertEquals(LABELS, read.labels());
    assertEquals(TASK.mean().get(0), read.mean().get(0), TWO_ROUNDINGS);
    assertEquals(TASK.deviation().get(0), read.deviation().get(0), TWO_ROUNDINGS);
    Graph colour = ShakenNetworks.create("resnet-8-s2", Shape.of(3, 32, 32));
    Task three = TfliteTask.read(TfliteWriter.bytes(colour), "b.tflite").orElseThrow();
    assertEquals(List.of(0.5f, 0.5f, 0.5f), three.mean());
    assertEquals(List.of(0.25f, 0.25f, 0.25f), three.deviation());
  }

  @Test
  void aFileOfOthersDoesNotSay() {
    byte[] file = TfliteWriter.bytes(GRAPH);
    int name = indexOf(file, TfliteMetadata.BUFFER.getBytes(StandardCharsets.UTF_8));
    file[name] = 'X';
    assertEquals(Optional.empty(), TfliteTask.read(file, "a.tflite"));
  }

  @Test
  void packedFilesHaveItToo() {
    Graph binary = BinaryNetworks.of(GRAPH);
    assertEquals(
        LABELS,
        TfliteTask.read(TfliteWriter.bytes(binary, TfliteOptions.PACKED), "a.tflite")
            .get()
            .labels());
    assertEquals(Optional.of(TASK), OnnxReader.task(BinaryOnnxWriter.bytes(binary), "a.onnx"));
  }

  @Test
  void onnxFilesTellTheSameProvenance() {
    Graph read = OnnxReader.read(OnnxWriter.bytes(PROVENANCE.applyTo(GRAPH)), "a.onnx");
    assertEquals("7", read.metadata().get("shallows.provenance.seed"));
    assertEquals("pictures", read.metadata().get("shallows.provenance.data"));
    assertEquals("shallows 0.1.0", read.metadata().get("shallows.provenance.tool"));
    assertEquals(7, read.metadata().size());
  }

  @Test
  void withoutProvenanceNothingIsMadeUp() throws Exception {
    ModelMetadata model =
        new MetadataExtractor(ByteBuffer.wrap(TfliteWriter.bytes(GRAPH))).getModelMetadata();
    assertNotNull(model.name());
    assertNull(model.version());
    assertNull(model.license());
    assertEquals("Image classifier of 10 classes.", model.description());
  }

  @Test
  void mutatedMetadataIsReadOrNamed() {
    byte[] file = TfliteWriter.bytes(PROVENANCE.applyTo(GRAPH));
    byte[] metadata = TfliteMetadata.of(PROVENANCE.applyTo(GRAPH));
    int start = indexOf(file, metadata);
    int archive = AssociatedFiles.behind(0, TfliteMetadata.files(GRAPH)).length;
    Random random = new Random(5);
    int named = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutated = file.clone();
      int at =
          random.nextBoolean()
              ? start + random.nextInt(metadata.length)
              : file.length - 1 - random.nextInt(archive);
      mutated[at] ^= (byte) (1 << random.nextInt(8));
      try {
        TfliteTask.read(mutated, "a.tflite");
      } catch (BadInputException e) {
        assertTrue(e.getMessage().startsWith("a.tflite: "), e.getMessage());
        named++;
      }
    }
    assertTrue(named > MUTATIONS / 20, "only " + named + " were refused");
  }

  private static int indexOf(byte[] file, byte[] part) {
    for (int start = 0; start + part.length <= file.length; start++) {
      if (Arrays.mismatch(file, start, start + part.length, part, 0, part.length) < 0) {
        return start;
      }
    }
    throw new AssertionError("the file does not hold the part");
  }

  @Test
  void damagedMetadataIsNamed() throws Exception {
    byte[] file = TfliteWriter.bytes(GRAPH);
    // Without the archive's end there are no labels.
    byte[] cut = Arrays.copyOf(file, file.length - 10);
    BadInputException e =
        assertThrows(BadInputException.class, () -> TfliteTask.read(cut, "a.tflite"));
    assertTrue(e.getMessage().startsWith("a.tflite: "), e.getMessage());
    byte[] text = Files.readAllBytes(Files.writeString(folder.resolve("t"), "no model at all"));
    assertThrows(BadInputException.class, () -> TfliteTask.read(text, "t.tflite"));
  }
}
