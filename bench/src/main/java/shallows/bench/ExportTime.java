package shallows.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import shallows.bench.StepCost.Measured;
import shallows.data.LabelledImages;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.FileForm;
import shallows.export.NetworkFiles;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.export.quantize.calibrate.Calibration;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.network.Networks;

/**
 * How long exporting a network in every format and precision takes, and how much memory. The
 * weights are random and every third block is binary, so that all precisions exist; calibration
 * takes as many images as for a trained network of that size. The first time is that of a command,
 * which starts cold; later ones are what the code itself costs.
 */
public final class ExportTime {
  private static final int CLASSES = 10;
  private static final int IMAGES = 512;
  private static final int TIMES = 3;
  private static final int BINARY_EVERY = 3;

  private ExportTime() {}

  /**
   * @param arguments network, side of an image, channels of an image; each may be left out from the
   *     right
   */
  public static void main(String[] arguments) throws IOException {
    String name = Arguments.text(arguments, 0, "resnet-110");
    int side = Arguments.number(arguments, 1, 32);
    int channels = Arguments.number(arguments, 2, 3);
    Graph graph = network(name, Shape.of(channels, side, side));
    LabelledImages images = images(graph.input().shape());
    long macs = Cost.of(graph).macs();
    System.out.printf(
        Locale.ROOT,
        "%s, %.0f M MACs an image of %s, %d processors%n",
        graph.name(),
        macs / 1e6,
        graph.input().shape(),
        Runtime.getRuntime().availableProcessors());
    for (int time = 1; time <= TIMES; time++) {
      Path folder = Files.createTempDirectory("export-time");
      print(time, export(graph, images, macs, folder));
      remove(folder);
    }
  }

  /** The steps of an export, in turn. */
  private static List<StepCost> export(Graph graph, LabelledImages images, long macs, Path folder) {
    ExportSettings options =
        ExportSettings.of(EnumSet.allOf(ExportFormat.class), EnumSet.allOf(ExportPrecision.class));
    List<StepCost> costs = new ArrayList<>();
    Measured<NetworkFiles> folded = StepCost.of("fold", () -> NetworkFiles.of(graph, options));
    costs.add(folded.cost());
    Graph floats = folded.result().folded();
    Measured<Calibrated> calibrated =
        StepCost.of(
            "calibrate",
            () ->
                Calibration.of(floats, CalibrationImages.of(macs, images, images), options.int8()));
    costs.add(calibrated.cost());
    for (FileForm form : folded.result().forms()) {
      String name = form.precision().label() + "." + form.format().label();
      costs.add(
          StepCost.of(
                  name,
                  () -> {
                    folded
                        .result()
                        .write(
                            form,
                            Optional.of(calibrated.result()),
                            Optional.empty(),
                            folder.resolve(name));
                    return form;
                  })
              .cost());
    }
    return costs;
  }

  private static void print(int time, List<StepCost> costs) {
    System.out.println("\ntime " + time);
    System.out.println("step                      seconds  of processors  peak MB");
    StepCost sum = costs.stream().reduce((a, b) -> a.and(b, "together")).orElseThrow();
    for (StepCost cost : concat(costs, sum)) {
      System.out.printf(
          Locale.ROOT,
          "%-24s  %7.2f  %13.2f  %7.0f%n",
          cost.name(),
          cost.seconds(),
          cost.processorSeconds(),
          cost.peakMegabytes());
    }
  }

  private static List<StepCost> concat(List<StepCost> costs, StepCost last) {
    List<StepCost> all = new ArrayList<>(costs);
    all.add(last);
    return all;
  }

  private static Graph network(String name, Shape image) {
    Graph fresh = Networks.create(name, image, Task.unnamed(CLASSES, image.dimension(0)), 1);
    Random random = new Random(1);
    Map<String, Tensor> parameters = new HashMap<>();
    Map<String, Operation> operations = new HashMap<>();
    for (Node node : fresh.nodes()) {
      if (node.operation() instanceof Operation.BatchNorm) {
        // Small enough that the sums of fifty branches stay in the range of trained ones.
        parameters.put(node.inputs().get(1), random(fresh, node.inputs().get(1), random, 0.1, 0.4));
        parameters.put(
            node.inputs().get(2), random(fresh, node.inputs().get(2), random, -0.3, 0.3));
      }
    }
    for (int i = 0; i < fresh.blocks().size(); i += BINARY_EVERY) {
      for (Node node : fresh.branch(fresh.blocks().get(i))) {
        if (node.operation() instanceof Operation.Conv2d conv) {
          operations.put(node.name(), conv.withPrecision(Precision.BINARY));
        }
      }
    }
    return Rewrites.withOperations(fresh.withParameters(parameters), operations);
  }

  private static Tensor random(
      Graph graph, String parameter, Random random, double low, double high) {
    float[] values = new float[graph.parameter(parameter).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (low + (high - low) * random.nextDouble());
    }
    return Tensor.vector(values);
  }

  /** Plane waves of random direction, brightness and contrast: as smooth as photographs are. */
  private static LabelledImages images(Shape shape) {
    int channels = shape.dimension(0);
    int height = shape.dimension(1);
    int width = shape.dimension(2);
    Random random = new Random(2);
    byte[] pixels = new byte[IMAGES * shape.size()];
    for (int at = 0; at < pixels.length; ) {
      double down = random.nextGaussian() / 3;
      double right = random.nextGaussian() / 3;
      double brightness = 255 * random.nextDouble();
      double contrast = 255 * random.nextDouble();
      for (int i = 0; i < shape.size(); i++, at++) {
        int y = i / channels / width;
        int x = i / channels % width;
        double level = brightness + contrast * Math.sin(down * y + right * x + i % channels);
        pixels[at] = (byte) Math.max(0, Math.min(255, level));
      }
    }
    List<String> classes = IntStream.range(0, CLASSES).mapToObj(c -> "class " + c).toList();
    return new LabelledImages("waves", classes, channels, height, width, pixels, new int[IMAGES]);
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
