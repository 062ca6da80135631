package shallows.export.convert;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import shallows.data.PixelOrder;
import shallows.data.evaluation.Predictions;
import shallows.export.ExportFormat;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.StoredWeights;
import shallows.export.quantize.WeightStorage;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.export.verify.OutputMatch;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.read.ImportedNetwork;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.ReadOptions;
import shallows.model.onnx.write.OnnxWriter;

/**
 * An ONNX file as a TFLite file, or as an ONNX file of ours, compared with the original in ONNX
 * Runtime.
 */
public final class Conversion {
  /**
   * Of the range of the original's outputs. Weights move unchanged, so only the order of sums and
   * the folding of batch norm differ: some 1e-6 through fifty layers. Where the arithmetic of the
   * network is worse than that, what it does decides.
   */
  public static final double TOLERANCE = 1e-5;

  /**
   * How many times the noise of a network two files may be apart that round in other places: sums
   * of n numbers add up to √n roundings more than the one that the noise counts.
   */
  private static final double ROUNDINGS = 16;

  private final ImportedNetwork network;
  private final Graph graph;
  private final float[][] images;
  private final OriginalAnswers original;

  /** What the file answers with the integers that it has, if it has some. */
  private final Supplier<float[][]> rounded;

  /** Of the first image. */
  private final Departure departure;

  private Conversion(
      ImportedNetwork network,
      Graph graph,
      float[][] images,
      OriginalAnswers original,
      Supplier<float[][]> rounded,
      Departure departure) {
    this.network = network;
    this.graph = graph;
    this.images = images;
    this.original = original;
    this.rounded = rounded;
    this.departure = departure;
  }

  /**
   * Reads the file and runs it on random images. The file has to stay as it is, as its large
   * weights are read whenever they are needed.
   *
   * @param seed of the images
   * @throws shallows.model.BadInputException when the file cannot be read or run
   */
  public static Conversion of(Path file, long seed, int threads) {
    return of(file, ReadOptions.OF_FILE, seed, threads);
  }

  /**
   * The same, with what the file leaves open.
   *
   * @throws shallows.model.BadInputException as above
   */
  public static Conversion of(Path file, ReadOptions options, long seed, int threads) {
    ImportedNetwork network = OnnxReader.importedInPlace(file, options);
    return of(file, network, RandomImages.of(network, seed), threads);
  }

  /**
   * Reads the file and runs it on these images.
   *
   * @param options what the file leaves open
   * @param images each {@code (H, W, C)}, normalized, at least one
   * @throws shallows.model.BadInputException when the file cannot be read or run
   */
  public static Conversion of(Path file, ReadOptions options, float[][] images, int threads) {
    return of(file, OnnxReader.importedInPlace(file, options), images, threads);
  }

  private static Conversion of(Path file, ImportedNetwork network, float[][] images, int threads) {
    Optional<String> before = network.source().logits();
    if (before.isPresent()) {
      try {
        return of(file, network, images, before.get(), threads);
      } catch (BadInputException e) {
        // The value is called otherwise in the file, so what goes out has to do.
      }
    }
    return of(file, network, images, network.source().output(), threads);
  }

  /**
   * @param value of the file that is compared
   */
  private static Conversion of(
      Path file, ImportedNetwork network, float[][] images, String value, int threads) {
    OriginalAnswers original = OriginalAnswers.of(file, network, images, value, threads);
    Graph graph = VectorOutput.of(network.graph());
    return new Conversion(
        network,
        graph,
        images,
        original,
        () ->
            OriginalAnswers.run(
                file, network, images, value, OriginalModel.Precision.OF_FILE, threads),
        new Departure(
            () ->
                OriginalModel.inside(
                    file,
                    network,
                    images[0],
                    original.isOfAnotherPrecision()
                        ? OriginalModel.Precision.FLOATS
                        : OriginalModel.Precision.UNROUNDED),
            graph.input().shape(),
            images[0]));
  }

  public ImportedNetwork network() {
    return network;
  }

  /** The network as it is written: its output is a vector of logits. */
  public Graph graph() {
    return graph;
  }

  /** The content of a TFLite file. */
  public byte[] tflite() {
    return TfliteWriter.bytes(ExportPasses.all(graph), TfliteOptions.STANDARD);
  }

  /** The content of an ONNX file, with batch norm as it was and the blocks in its metadata. */
  public byte[] onnx() {
    return OnnxWriter.bytes(graph);
  }

  /**
   * Writes a file of floats.
   *
   * @param options of a TFLite file
   * @throws BadInputException when it cannot be written
   */
  public void write(ExportFormat format, TfliteOptions options, Path file) {
    if (format == ExportFormat.TFLITE) {
      TfliteWriter.write(ExportPasses.all(graph), options, file);
    } else {
      OnnxWriter.write(graph, file);
    }
  }

  /** How a TFLite file compares with the original. */
  public Agreement ofTflite(byte[] tflite, int threads) {
    return of(WrittenFile.of(tflite, ExportFormat.TFLITE), threads);
  }

  /** How an ONNX file compares with the original. */
  public Agreement ofOnnx(byte[] onnx, int threads) {
    return of(WrittenFile.of(onnx, ExportFormat.ONNX), threads);
  }

  /** How another network, as an ONNX file, compares with the original. */
  public Agreement ofOnnx(Graph other, int threads) {
    return WrittenFile.onDisk(other, file -> of(file, threads));
  }

  /** How a file of floats compares with the original. */
  public Agreement of(WrittenFile file, int threads) {
    float[][] found = outputs(file, threads);
    Agreement own = agreement(found, original.exact(), original.rounding());
    if (own.holds() && original.isOfAnotherPrecision()) {
      // Half precision explains the rest, or the file was made another than it is.
      Agreement halves = agreement(original.exact(), original.expected(), original.roundoff());
      return halves.holds() ? own : halves;
    }
    return own.holds() ? own : new Agreement(own.difference(), own.allowed(), departure.of(file));
  }

  /**
   * How a file compares with the network that has its weights rounded as the file stores them,
   * which is another than the original on purpose.
   */
  public Agreement ofRounded(WrittenFile file, WeightStorage storage, int threads) {
    Graph rounded = StoredWeights.of(ExportPasses.all(graph), storage).computed();
    Shape image = graph.input().shape();
    return WrittenFile.onDisk(
        rounded,
        model -> {
          float[][] expected = new float[images.length][];
          try (RuntimeClassifier runtime = model.open(threads)) {
            Arrays.setAll(expected, i -> runtime.logits(images[i], 1)[0]);
          }
          return new Conversion(
                  network,
                  rounded,
                  images,
                  OriginalAnswers.ofFloats(expected),
                  () -> expected,
                  new Departure(() -> model.inside(image, images[0]), image, images[0]))
              .of(file, threads);
        });
  }

  /**
   * How a file that keeps the integers of the original compares with it: 99 of 100 outputs must be
   * within one step, or within what rounding does to the original where that is more, as runtimes
   * round halves in their own ways ({@link OutputMatch}).
   *
   * @param step the smallest difference that an output can have
   */
  public Agreement ofKept(WrittenFile file, float step, int threads) {
    float[][] expected = rounded.get();
    OutputMatch.Distance distance =
        OutputMatch.distance(
            new Predictions(outputs(file, threads)),
            new Predictions(expected),
            new Predictions(original.exact()),
            step);
    double range = OutputDistance.of(expected, expected).scale();
    return new Agreement(
        distance.steps() * step / range, distance.allowed() * step / range, Optional.empty());
  }

  /** How far the outputs of a file are from the original's, as a share of their range. */
  public double distance(WrittenFile file, int threads) {
    return OutputDistance.of(outputs(file, threads), original.exact()).relative();
  }

  private float[][] outputs(WrittenFile file, int threads) {
    float[][] found = new float[images.length][];
    try (RuntimeClassifier written = file.open(threads)) {
      Arrays.setAll(found, i -> ended(written.logits(images[i], 1)[0]));
    }
    return found;
  }

  private Agreement agreement(float[][] found, float[][] reference, double rounding) {
    OutputDistance distance = OutputDistance.of(found, reference);
    Agreement quick = new Agreement(distance.relative(), TOLERANCE, Optional.empty());
    // What is infinite no rounding explains.
    if (quick.holds() || Double.isInfinite(distance.largest())) {
      return quick;
    }
    // Only now, as it takes a while.
    double allowed = Math.max(TOLERANCE, ROUNDINGS * noise(rounding) / distance.scale());
    return new Agreement(quick.difference(), allowed, Optional.empty());
  }

  private float[] ended(float[] written) {
    return original.logits() ? written : network.ending().of(written);
  }

  /** What rounding alone does to the outputs that are compared. */
  private double noise(double rounding) {
    Shape shape = graph.input().shape();
    double noise = 0;
    for (float[] image : images) {
      float[] pixels = PixelOrder.channelsFirst(image, 1, shape.dimension(0));
      Tensor batch = new Tensor(shape.withBatch(1), pixels);
      noise = Math.max(noise, RoundingNoise.of(graph, batch, rounding, this::ended));
    }
    return noise;
  }
}
