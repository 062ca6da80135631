package shallows.pipeline.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportPrecision;
import shallows.export.quantize.WeightScales;
import shallows.export.quantize.calibrate.LayerCost;
import shallows.export.quantize.calibrate.WeightRounding;
import shallows.export.runtime.ModelTask;
import shallows.model.BadInputException;
import shallows.model.UnexpectedValueException;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.ReadOptions;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.pipeline.measure.AskedTask;

class FileConversionTest {
  private static final int SIDE = 8;
  private static final List<String> COLOURS = List.of("1 blue", "2 green", "3 red");

  private static final AskedTask AS_THEY_ARE =
      new AskedTask(Optional.empty(), Optional.of("none"), null, null);

  @TempDir private Path folder;

  /**
   * Answers with the colour that is brightest in the mean.
   *
   * @param offset that each pixel is moved by before, which changes no answer in floats
   * @param back whether it is moved back behind that
   */
  private Path brightest(float offset, boolean back) throws IOException {
    Task task = Task.unnamed(3, 3);
    GraphBuilder builder = new GraphBuilder("colours", Shape.of(3, SIDE, SIDE), task, 1);
    Tensor weight = new Tensor(Shape.of(3, 3, 1, 1), new float[] {0, 0, 1, 0, 1, 0, 1, 0, 0});
    String x =
        builder.add(
            "colours",
            Operation.Conv2d.of(1, 0),
            builder.image(),
            builder.parameter("colours/weight", weight),
            builder.parameter("colours/bias", Tensor.vector(new float[] {offset, offset, offset})));
    if (back) {
      float[] identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
      x =
          builder.add(
              "back",
              Operation.Conv2d.of(1, 0),
              x,
              builder.parameter("back/weight", new Tensor(Shape.of(3, 3, 1, 1), identity)),
              builder.parameter(
                  "back/bias", Tensor.vector(new float[] {-offset, -offset, -offset})));
    }
    x = builder.add("mean", new Operation.GlobalAveragePool(), x);
    Graph graph = builder.build(builder.add("vector", new Operation.Flatten(), x));
    Path file = folder.resolve("theirs.onnx");
    OnnxWriter.write(graph, file);
    // Other people's files say nothing of classes and pixels.
    var model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder().clearMetadataProps();
    Files.write(file, model.build().toByteArray());
    return file;
  }

  /** In each folder pictures of noise in which its colour is brighter. */
  private Path pictures(String name, int ofEach, boolean inFolders) throws IOException {
    Random random = new Random(1);
    for (int colour = 0; colour < COLOURS.size(); colour++) {
      Path root = folder.resolve(name);
      Path of = Files.createDirectories(inFolders ? root.resolve(COLOURS.get(colour)) : root);
      for (int i = 0; i < ofEach; i++) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < SIDE * SIDE; p++) {
          int rgb = 0;
          for (int c = 0; c < 3; c++) {
            rgb |= (random.nextInt(128) + (c == colour ? 100 : 0)) << 8 * c;
          }
          image.setRGB(p % SIDE, p / SIDE, rgb);
        }
        ImageIO.write(image, "png", of.resolve(colour + "-" + i + ".png").toFile());
      }
    }
    return folder.resolve(name);
  }

  private static Converted converted(
      Path file, ExportPrecision precision, ConvertSettings.Images images, Path out) {
    return FileConversion.of(file, ConvertSettings.of(precision, images), out, 1, Progress.SILENT);
  }

  @Test
  void findsScalesOnSomeLabelledImagesAndTellsTheAccuracyOnOthers() throws IOException {
    Path file = brightest(0, false);
    Path photos = pictures("photos", 40, true);
    for (String name : new String[] {"eight.tflite", "eight.onnx"}) {
      Path out = folder.resolve(name);
      Converted converted =
          converted(file, ExportPrecision.INT8, ConvertSettings.Images.of(photos), out);
      Converted.OnImages found = converted.onImages().orElseThrow();
      assertTrue(converted.isWritten(), found.check().reason());
      assertTrue(found.labelled());
      assertEquals(1, found.check().accuracy());
      assertEquals(1, found.verification().expectationAccuracy());
      assertEquals(24, found.verification().images().count());
      assertTrue(found.calibrated() > 0);
      assertTrue(found.normalization().isPresent());
      assertEquals(COLOURS, ModelTask.of(out).orElseThrow().labels());
      assertTrue(ModelTask.statedAccuracy(out).orElseThrow().startsWith("1.0000 on the 24 "));
    }
  }

  @Test
  void picturesWithoutLabelsAreHeldToTheAnswersInFloats() throws IOException {
    Path file = brightest(0, false);
    Path photos = pictures("loose", 30, false);
    Path list = folder.resolve("some.txt");
    List<String> lines = new ArrayList<>();
    try (var files = Files.list(photos)) {
      files.sorted().map(each -> "loose/" + each.getFileName()).forEach(lines::add);
    }
    Files.write(list, lines);
    Files.writeString(photos.resolve("torn.png"), "no picture");
    for (Path data : List.of(photos, list)) {
      Path out = folder.resolve("eight.tflite");
      Converted converted =
          converted(
              file,
              ExportPrecision.INT8,
              new ConvertSettings.Images(data.toString(), AS_THEY_ARE, Optional.empty()),
              out);
      Converted.OnImages found = converted.onImages().orElseThrow();
      assertTrue(converted.isWritten(), found.check().reason());
      assertFalse(found.labelled());
      assertEquals(1, found.check().agreement());
      assertEquals(30, found.verification().images().count());
      assertEquals("not measured", ModelTask.statedAccuracy(out).orElseThrow());
    }
  }

  @Test
  void picturesCannotTellHowTheirPixelsAreScaled() throws IOException {
    Path file = brightest(0, false);
    ConvertSettings.Images images = ConvertSettings.Images.of(pictures("loose", 30, false));
    Path out = folder.resolve("eight.tflite");
    String message =
        assertThrows(
                BadInputException.class, () -> converted(file, ExportPrecision.INT8, images, out))
            .getMessage();
    assertTrue(message.contains("does not say how its pixels are scaled"), message);
  }

  @Test
  void writesNothingThatLosesMoreThanItMay() throws IOException {
    Path file = brightest(10_000, false);
    Path photos = pictures("photos", 40, true);
    Path out = Files.writeString(folder.resolve("eight.tflite"), "of an earlier day");
    Converted converted =
        converted(file, ExportPrecision.INT8, ConvertSettings.Images.of(photos), out);
    assertFalse(converted.isWritten());
    String reason = converted.onImages().orElseThrow().check().reason();
    assertTrue(reason.contains("more than the 1.00 that may be lost"), reason);
    assertEquals("of an earlier day", Files.readString(out));
  }

  @Test
  void layersThatEightBitsCostTooMuchInComputeInFloats() throws IOException {
    Path file = brightest(20_000, true);
    Path photos = pictures("photos", 40, true);
    for (String name : new String[] {"eight.tflite", "eight.onnx"}) {
      Converted converted =
          converted(
              file, ExportPrecision.INT8, ConvertSettings.Images.of(photos), folder.resolve(name));
      Converted.OnImages found = converted.onImages().orElseThrow();
      assertTrue(converted.isWritten(), found.check().reason());
      assertEquals(1, found.check().accuracy());
      assertEquals(
          List.of("colours", "back"),
          found.layers().stream().filter(LayerCost::inFloats).map(LayerCost::layer).toList());
    }
  }

  @Test
  void tellsWhatEightBitsCostInEachLayerAndWritesNothing() throws IOException {
    Path file = brightest(20_000, true);
    Path photos = pictures("photos", 40, true);
    Sensitivity found =
        Sensitivity.of(
            file, ReadOptions.OF_FILE, ConvertSettings.Images.of(photos), 1, 1, Progress.SILENT);
    assertTrue(found.pointsLost() > 10, found.toString());
    Map<String, Double> costs =
        found.layers().stream().collect(Collectors.toMap(LayerCost::layer, LayerCost::divergence));
    assertTrue(costs.get("colours") > 10 * costs.get("mean"), costs.toString());
    assertTrue(costs.get("back") > 10 * costs.get("mean"), costs.toString());
    assertEquals(
        found.layers().stream().map(LayerCost::layer).toList(),
        found.network().nodes().stream().map(Node::name).filter(costs::containsKey).toList());
  }

  private static ConvertSettings withoutImages(ExportPrecision precision) {
    return settings(precision, WeightScales.PER_CHANNEL, Optional.empty());
  }

  private static ConvertSettings settings(
      ExportPrecision precision, WeightScales scales, Optional<ConvertSettings.Images> images) {
    return new ConvertSettings(
        precision,
        ConvertSettings.STANDARD.batch(),
        ConvertSettings.STANDARD.edges(),
        ConvertSettings.STANDARD.sums(),
        scales,
        images,
        ConvertSettings.STANDARD.reading(),
        1);
  }

  @Test
  void weightsAreRoundedWithoutImagesAndWithThem() throws IOException {
    Path file = brightest(0, false);
    Path out = folder.resolve("half.onnx");
    ConvertSettings alone = withoutImages(ExportPrecision.FP16);
    Converted converted = FileConversion.of(file, alone, out, 1, Progress.SILENT);
    assertTrue(converted.isWritten(), converted.agreement().words(file));
    // Zeros and ones are exact in half precision.
    assertTrue(converted.moved().orElseThrow() <= 1e-5);
    Path photos = pictures("photos", 40, true);
    converted =
        converted(file, ExportPrecision.INT8_WEIGHTS, ConvertSettings.Images.of(photos), out);
    assertEquals(1, converted.onImages().orElseThrow().check().accuracy());
    assertEquals(0, converted.onImages().orElseThrow().calibrated());
  }

  @Test
  void theIntegersOfAQuantizedFileNeedNoImages() throws IOException {
    Path file = brightest(0, false);
    Path photos = pictures("photos", 40, true);
    Path quantized = folder.resolve("eight.onnx");
    converted(file, ExportPrecision.INT8, ConvertSettings.Images.of(photos), quantized);
    ConvertSettings asked = withoutImages(ExportPrecision.INT8);
    Path out = folder.resolve("eight.tflite");
    Converted converted = FileConversion.of(quantized, asked, out, 1, Progress.SILENT);
    assertTrue(converted.isWritten(), converted.agreement().words(quantized));
    assertTrue(converted.notes().contains("the integers of 1 layers are kept"));
    String message =
        assertThrows(
                BadInputException.class,
                () -> FileConversion.of(file, asked, out, 1, Progress.SILENT))
            .getMessage();
    assertTrue(message.contains("by which the scales of int8 are found"), message);
  }

  @Test
  void oneScaleForAllWeightsOfALayerIsKeptOrFoundAnew() throws IOException {
    Task task = new Task(COLOURS, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    Graph graph = OnnxReader.read(brightest(0, false)).withTask(task);
    Tensor weight = new Tensor(Shape.of(3, 3, 1, 1), new float[] {0, 0, 1, 0, 2, 0, 1.5f, 0, 0});
    Path file = folder.resolve("uneven.onnx");
    OnnxWriter.write(graph.withParameters(Map.of("colours/weight", weight)), file);
    Optional<ConvertSettings.Images> photos =
        Optional.of(ConvertSettings.Images.of(pictures("photos", 40, true)));
    Path out = folder.resolve("eight.onnx");
    ConvertSettings found = settings(ExportPrecision.INT8, WeightScales.PER_TENSOR, photos);
    ConvertSettings kept =
        settings(ExportPrecision.INT8, WeightScales.PER_TENSOR, Optional.empty());

    Converted converted = FileConversion.of(file, found, out, 1, Progress.SILENT);
    assertTrue(converted.isWritten());
    WeightRounding weights = converted.onImages().orElseThrow().integers().orElseThrow().weights();
    assertEquals(WeightScales.PER_TENSOR, weights.scales());
    Path again = folder.resolve("again.tflite");
    assertTrue(FileConversion.of(out, kept, again, 1, Progress.SILENT).isWritten());

    converted(file, ExportPrecision.INT8, photos.get(), out);
    String message =
        assertThrows(
                BadInputException.class,
                () -> FileConversion.of(out, kept, again, 1, Progress.SILENT))
            .getMessage();
    assertTrue(message.contains("one scale for each weight tensor"), message);
  }

  @Test
  void refusesWhatDoesNotGoTogether() throws IOException {
    Path file = brightest(0, false);
    ConvertSettings.Images images = ConvertSettings.Images.of(folder);
    assertThrows(
        UnexpectedValueException.class, () -> ConvertSettings.of(ExportPrecision.FP32, images));
    ConvertSettings.Images photos = ConvertSettings.Images.of(pictures("photos", 40, true));
    for (ExportPrecision precision : List.of(ExportPrecision.MIXED, ExportPrecision.BINARY)) {
      Path out = folder.resolve("bits.tflite");
      String message =
          assertThrows(BadInputException.class, () -> converted(file, precision, photos, out))
              .getMessage();
      assertTrue(message.contains("without binary convolutions"), message);
    }
    Path out = folder.resolve("fast.onnx");
    assertThrows(
        BadInputException.class, () -> converted(file, ExportPrecision.BINARY_FAST, photos, out));
  }
}
