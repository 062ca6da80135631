package shallows.demo;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import shallows.data.DataOptions;
import shallows.data.LabelledImages;
import shallows.data.PixelStatistics;
import shallows.data.decode.ImagePixels;
import shallows.data.sets.DataSets;
import shallows.export.ExportFormat;
import shallows.export.ExportManifest;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.ExportedNetwork;
import shallows.export.Exporter;
import shallows.export.Int8Bound;
import shallows.export.Int8Tuning;
import shallows.export.NetworkForm;
import shallows.export.bundle.BundleWriter;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Latency;
import shallows.export.verify.Verification;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.progress.Progress;

/**
 * The family of a small network that was not trained, written by the toolkit's own exporter and
 * bundle writer, so with the logits that the toolkit's own runtime gives.
 */
public final class TestBundle {
  public static final String FULL = "small-full-fp32.tflite";
  public static final String PRUNED = "small-fp32.tflite";
  private static final String NETWORK = "resnet-14-s2";
  private static final String NAME = "small";
  private static final int SEED = 3;
  private static final int COLOURED = 300;
  private static final String LARGE_NETWORK = "mobilenet-v2";
  private static final int LARGE_CLASSES = 1000;
  private static final int LARGE_SIDE = 224;
  private static final int LARGE_IMAGES = 20;

  private TestBundle() {}

  /** The images that the samples are of. */
  static LabelledImages images() {
    return DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT)
        .test();
  }

  public static void write(Path folder) {
    write(folder, images());
  }

  /** The same for three channels, in which grey is repeated. */
  public static void writeColour(Path folder) {
    LabelledImages grey = images().subset(0, COLOURED);
    byte[] pixels = new byte[3 * COLOURED * grey.imageBytes()];
    for (int i = 0; i < COLOURED; i++) {
      byte[] image =
          new ImagePixels(1, grey.height(), grey.width(), grey.image(i)).withChannels(3).bytes();
      System.arraycopy(image, 0, pixels, i * image.length, image.length);
    }
    write(
        folder,
        new LabelledImages(
            "colour", grey.classes(), 3, grey.height(), grey.width(), pixels, grey.labels()));
  }

  /** Of a network that has a block of each form that pruning gives blocks without training. */
  public static void writeForms(Path folder) {
    LabelledImages images = images();
    Task task = new Task(images.classes(), PixelStatistics.normalization(images));
    write(
        folder,
        images,
        task,
        ExportSettings.STANDARD.precisions(),
        List.of(new ExportedNetwork(NetworkForm.FULL, null, FormsNetwork.create(task, SEED))));
  }

  /** A thousand classes with long names, and as many pixels as people's networks see. */
  public static void writeLarge(Path folder) {
    int pixels = 3 * LARGE_SIDE * LARGE_SIDE;
    byte[] noise = new byte[LARGE_IMAGES * pixels];
    new Random(SEED).nextBytes(noise);
    List<String> classes =
        IntStream.range(0, LARGE_CLASSES)
            .mapToObj(
                c -> "a class with a name as long as those of dogs, of two words or more, " + c)
            .toList();
    LabelledImages images =
        new LabelledImages(
            "large",
            classes,
            3,
            LARGE_SIDE,
            LARGE_SIDE,
            noise,
            IntStream.range(0, LARGE_IMAGES).toArray());
    Task task = new Task(classes, PixelStatistics.normalization(images));
    Graph full = Networks.create(LARGE_NETWORK, Shape.of(3, LARGE_SIDE, LARGE_SIDE), task, SEED);
    write(
        folder,
        images,
        task,
        Set.of(ExportPrecision.FP32, ExportPrecision.INT8),
        List.of(new ExportedNetwork(NetworkForm.FULL, null, full)));
  }

  private static void write(Path folder, LabelledImages images) {
    Task task = new Task(images.classes(), PixelStatistics.normalization(images));
    Graph full =
        Networks.create(
            NETWORK, Shape.of(images.channels(), images.height(), images.width()), task, SEED);
    write(
        folder,
        images,
        task,
        ExportSettings.STANDARD.precisions(),
        List.of(
            new ExportedNetwork(NetworkForm.FULL, null, full),
            new ExportedNetwork(NetworkForm.PRUNED, null, pruned(full))));
  }

  private static void write(
      Path folder,
      LabelledImages images,
      Task task,
      Collection<ExportPrecision> precisions,
      List<ExportedNetwork> networks) {
    Path exports = folder.resolveSibling(folder.getFileName() + "-exports");
    ExportManifest manifest =
        new Exporter(
                NAME,
                exports,
                ExportSettings.of(Set.of(ExportFormat.TFLITE), precisions),
                () -> CalibrationImages.of(0, images, images),
                Int8Tuning.NONE,
                Int8Bound.NONE)
            .export(networks);
    BundleWriter.write(
        folder,
        exports,
        manifest,
        passed(manifest, images),
        new BundleWriter.Subject(NAME, images.name(), Optional.empty()),
        task,
        images);
  }

  /** Without its last block, and with its first one binary. */
  private static Graph pruned(Graph full) {
    List<Block> blocks = full.blocks();
    Map<String, Operation> binary = new HashMap<>();
    for (Node node : full.branch(blocks.get(0))) {
      if (node.operation() instanceof Operation.Conv2d conv) {
        binary.put(node.name(), conv.withPrecision(Precision.BINARY));
      }
    }
    return Rewrites.drop(
        Rewrites.withOperations(full, binary), Set.of(blocks.get(blocks.size() - 1).name()));
  }

  /** What verification would say; here nothing is claimed of an untrained network's accuracy. */
  private static Verification passed(ExportManifest manifest, LabelledImages images) {
    return new Verification(
        new Verification.Images(images.name(), images.size()),
        100,
        0,
        new Verification.Ensemble(1, 0),
        0.0,
        new Verification.LatencySettings(1, 1, 1),
        manifest.files().stream()
            .map(
                file ->
                    new FileCheck(
                        file.file(),
                        "none",
                        0.0,
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
                        "not measured"))
            .toList(),
        Map.of(),
        null,
        List.of());
  }
}
