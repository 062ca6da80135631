package shallows.export.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import shallows.data.LabelledImages;
import shallows.data.evaluation.AccuracyLoss;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.Predictions;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.export.ExportFormat;
import shallows.export.ExportedFile;
import shallows.export.ExportedNetwork;
import shallows.export.NetworkForm;
import shallows.export.answers.Answerer;
import shallows.export.answers.Answers;
import shallows.export.quantize.WeightStorage;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;

/**
 * Checks exported files against the graphs they were made from and against the full ensemble.
 *
 * <p>A file passes when (a) its outputs are those of its graph, as {@link OutputMatch} has it, and
 * (b) test images do not show, chance considered ({@link AccuracyLoss}), that it has lost more than
 * {@code maxDrop} points against the full network at its expectation, or against the network as it
 * came, where the full one went on from somebody else's. Of floats (a) is asked twice: of the graph
 * as it was before the export passes, in ONNX Runtime, on all test images; and of the plain
 * interpreter on the first of them. Of integers it is asked of the plain simulation on the first of
 * them, and of floats that are made of rounded weights of the interpreter with these weights.
 */
public final class Verifier {
  private static final int BATCH = 100;

  /**
   * TFLite runs one image at a time here, whose operations are too small to share; and its threads
   * spin while they wait, which on a busy machine takes a hundred times as long.
   */
  private static final int TFLITE_THREADS = 1;

  /** What a graph answers, before anything was done to it for export. */
  private record Reference(ExportedNetwork network, Predictions all, Predictions oracle) {
    Graph graph() {
      return network.graph();
    }

    boolean isOf(ExportedFile file) {
      return network.form() == file.network() && Objects.equals(network.member(), file.member());
    }
  }

  private final VerifierOptions options;
  private final LabelledImages test;
  private final Progress progress;
  private final Optional<TestTimeAugmentation> copies;
  private final SimulatedAnswers simulated;
  private final RoundedAnswers rounded;

  /** That asks about each image alone. */
  public Verifier(VerifierOptions options, LabelledImages test, Progress progress) {
    this(options, test, Optional.empty(), progress);
  }

  /**
   * @param test of the size that the graphs take
   * @param copies of each image that files are asked about too, beside the image alone; they decide
   *     nothing
   */
  public Verifier(
      VerifierOptions options,
      LabelledImages test,
      Optional<TestTimeAugmentation> copies,
      Progress progress) {
    this.options = options;
    this.test = test;
    this.copies = copies;
    this.progress = progress;
    this.simulated = new SimulatedAnswers(oracleImages(), progress);
    this.rounded = new RoundedAnswers(oracleImages(), progress);
  }

  /**
   * @param original what files are compared with in accuracy; empty where that is the full network
   * @param networks unfolded: the full one first, then the pruned one that is shipped, if there is
   *     one, then other members of its family
   * @param folder of the export
   * @param files of it, each of one of the networks
   */
  public Verification verify(
      Optional<Graph> original,
      List<ExportedNetwork> networks,
      Path folder,
      List<ExportedFile> files) {
    Graph full = networks.get(0).graph();
    long passes =
        networks.size()
            + (original.isPresent() ? 1 : 0)
            + (isSampled(full) ? options.members() : 0)
            + (long) files.size() * (copies.isPresent() ? 2 : 1);
    long simulations =
        files.stream()
            .filter(file -> file.precision().isInteger())
            .map(SimulatedAnswers::key)
            .distinct()
            .count();
    long roundings =
        files.stream()
            .filter(file -> file.precision().storage().isRounded())
            .map(file -> Arrays.asList(file.network(), file.member(), file.precision()))
            .distinct()
            .count();
    progress.start(
        "verify",
        passes * test.size()
            + (networks.size() + simulations + 2 * roundings) * oracleImages().size());
    try {
      List<Reference> references = new ArrayList<>();
      Map<String, Double> family = new LinkedHashMap<>();
      for (ExportedNetwork network : networks) {
        references.add(reference(network));
        if (network.member() != null) {
          family.put(network.member(), references.get(references.size() - 1).all().accuracy(test));
        }
      }
      double expectation = references.get(0).all().accuracy(test);
      double ensemble = isSampled(full) ? monteCarlo(full).accuracy(test) : expectation;
      Optional<Predictions> asItCame = original.map(this::asItCame);
      Predictions compared = asItCame.orElse(references.get(0).all());
      List<Answers> answers = new ArrayList<>();
      asItCame.ifPresent(
          found -> answers.add(Answers.of(Answerer.ORIGINAL, found, Optional.empty(), test)));
      for (Reference each : references) {
        Optional<Predictions> other = Optional.of(compared).filter(found -> found != each.all());
        answers.add(Answers.of(Answerer.of(each.network()), each.all(), other, test));
      }
      List<FileCheck> checks = new ArrayList<>();
      for (ExportedFile file : files) {
        Reference reference =
            references.stream()
                .filter(of -> of.isOf(file))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(file + " is of a network that was not given"));
        checks.add(check(file, folder, reference, compared, answers));
      }
      return new Verification(
          new Verification.Images(test.name(), test.size()),
          options.maxDrop(),
          expectation,
          new Verification.Ensemble(options.members(), ensemble),
          networks.size() > 1 ? (Double) references.get(1).all().accuracy(test) : null,
          new Verification.LatencySettings(
              options.latencyThreads(), options.warmUps(), options.runs()),
          checks,
          family,
          asItCame.map(found -> found.accuracy(test)).orElse(null),
          answers);
    } finally {
      progress.finish();
    }
  }

  private Predictions asItCame(Graph original) {
    try (OnnxRuntimeClassifier onnx = inOnnxRuntime(original)) {
      return predictions(onnx, test, original, "network as it came");
    }
  }

  private Reference reference(ExportedNetwork network) {
    Graph graph = network.graph();
    String note =
        network.form() == NetworkForm.FULL
            ? "full network"
            : network.member() == null ? "pruned network" : "network " + network.member();
    try (OnnxRuntimeClassifier onnx = inOnnxRuntime(graph);
        Classifier interpreter = new InterpreterClassifier(graph)) {
      return new Reference(
          network,
          predictions(onnx, test, graph, note),
          predictions(interpreter, oracleImages(), graph, note + ", interpreter"));
    }
  }

  /**
   * Where every block is always on, as in networks of other people, all members are the network.
   */
  private static boolean isSampled(Graph full) {
    return full.blocks().stream().anyMatch(block -> full.survival(block) < 1);
  }

  private Predictions monteCarlo(Graph full) {
    SampledMembers members = new SampledMembers(full, options.seed());
    List<Predictions> answers = new ArrayList<>();
    for (int i = 1; i <= options.members(); i++) {
      Graph member = members.next();
      try (OnnxRuntimeClassifier onnx = inOnnxRuntime(member)) {
        answers.add(
            predictions(onnx, test, member, "ensemble member " + i + "/" + options.members()));
      }
    }
    return Predictions.ensemble(answers);
  }

  /**
   * @param answers where those of the file are added, if it runs
   */
  private FileCheck check(
      ExportedFile file,
      Path folder,
      Reference reference,
      Predictions compared,
      List<Answers> answers) {
    Path path = file.in(folder);
    try {
      Latency latency;
      Optional<Latency> together;
      Normalization pixels = reference.graph().task().normalization();
      try (RuntimeClassifier classifier = open(file.format(), path, options.latencyThreads())) {
        requireTask(classifier, reference.graph(), path);
        float[] image = test.normalized(0, 1, pixels);
        latency = Latency.of(classifier, image, options.warmUps(), options.runs());
        together =
            copies.map(
                each ->
                    Latency.of(
                        Augmented.around(each, classifier, pixels),
                        image,
                        options.warmUps(),
                        options.runs()));
      }
      // Now, while nothing else is loaded that the other process would compete with.
      OptionalLong memory = PeakMemory.of(path);
      try (RuntimeClassifier classifier = open(file.format(), path, options.threads())) {
        Predictions found = predictions(classifier, test, reference.graph(), file.file());
        Optional<Augmented> augmented =
            copies.map(
                each -> {
                  Classifier around = Augmented.around(each, classifier, pixels);
                  String note = file.file() + ", " + each.inWords();
                  Predictions with = predictions(around, test, reference.graph(), note);
                  return Augmented.of(each, found, with, test, together.orElseThrow());
                });
        double difference = difference(found, reference);
        AccuracyLoss loss = AccuracyLoss.between(compared.right(test), found.right(test));
        double divergence = found.klDivergence(reference.all());
        Verdict verdict =
            Verdict.of(outputs(file, folder, reference, found), loss, options.maxDrop());
        Answerer by = Answerer.of(reference.network()).in(file.file());
        answers.add(Answers.of(by, found, Optional.of(compared), test));
        return new FileCheck(
            file.file(),
            classifier.runtime(),
            found.accuracy(test),
            found.agreement(reference.all()),
            // JSON knows no infinity, which a NaN among the outputs gives.
            Double.isFinite(difference) ? Double.valueOf(difference) : null,
            // Likewise not a number.
            Double.isFinite(divergence) ? divergence : null,
            loss.lost(),
            loss.won(),
            latency,
            memory.isPresent() ? memory.getAsLong() : null,
            augmented.orElse(null),
            verdict.passed(),
            verdict.reason());
      }
    } catch (BadInputException e) {
      String runtime = file.format() == ExportFormat.ONNX ? "ONNX Runtime" : "TFLite";
      return FileCheck.refused(file.file(), runtime, e.getMessage());
    }
  }

  private OutputMatch outputs(
      ExportedFile file, Path folder, Reference reference, Predictions found) {
    if (file.precision().isInteger()) {
      return simulated.match(file, folder, reference.graph(), reference.all(), found);
    }
    WeightStorage storage = file.precision().storage();
    double difference =
        storage.isRounded()
            ? rounded.difference(reference.graph(), storage, reference.oracle(), found)
            : difference(found, reference);
    return OutputMatch.ofFloats(difference, reference.all().range());
  }

  private static double difference(Predictions found, Reference reference) {
    Predictions first = found.first(reference.oracle().size());
    return Math.max(
        found.maxAbsDifference(reference.all()), first.maxAbsDifference(reference.oracle()));
  }

  private static void requireTask(RuntimeClassifier classifier, Graph graph, Path file) {
    if (!classifier.image().equals(graph.input().shape())
        || classifier.classes() != graph.classes()) {
      throw new BadInputException(
          file,
          "images " + graph.input().shape() + " and " + graph.classes() + " classes",
          classifier.image() + " and " + classifier.classes(),
          "export the network again");
    }
  }

  private static RuntimeClassifier open(ExportFormat format, Path file, int threads) {
    return switch (format) {
      case ONNX -> OnnxRuntimeClassifier.open(file, threads);
      case TFLITE -> TfliteClassifier.open(file, TFLITE_THREADS);
    };
  }

  private OnnxRuntimeClassifier inOnnxRuntime(Graph graph) {
    return OnnxRuntimeClassifier.open(OnnxWriter.bytes(graph), graph.name(), options.threads());
  }

  private LabelledImages oracleImages() {
    return test.subset(0, Math.min(options.oracleImages(), test.size()));
  }

  private Predictions predictions(
      Classifier classifier, LabelledImages images, Graph graph, String note) {
    return Predictions.of(
        classifier, images, graph.task(), BATCH, new NotedProgress(progress, note));
  }
}
