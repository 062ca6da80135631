package shallows.export.verify;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import shallows.data.LabelledImages;
import shallows.data.evaluation.AccuracyLoss;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.Predictions;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.export.ExportFormat;
import shallows.export.ExportedFile;
import shallows.export.answers.Answerer;
import shallows.export.answers.Answers;
import shallows.export.quantize.WeightStorage;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;

/** Checks the files of an export, one after the other, each in its runtime. */
final class FileChecks {
  private final NetworkAnswers networks;
  private final VerifierOptions options;
  private final LabelledImages test;
  private final Optional<TestTimeAugmentation> copies;
  private final Path folder;
  private final SimulatedAnswers simulated;
  private final RoundedAnswers rounded;

  /**
   * @param copies of each image that files are asked about too
   * @param folder of the export
   */
  FileChecks(NetworkAnswers networks, Optional<TestTimeAugmentation> copies, Path folder) {
    this.networks = networks;
    this.options = networks.options();
    this.test = networks.test();
    this.copies = copies;
    this.folder = folder;
    this.simulated = new SimulatedAnswers(networks.oracleImages(), networks.progress());
    this.rounded = new RoundedAnswers(networks.oracleImages(), networks.progress());
  }

  /**
   * @param reference of the file's network
   * @param compared what accuracy is compared with
   * @param answers where those of the file are added, if it runs
   */
  FileCheck check(
      ExportedFile file, Reference reference, Predictions compared, List<Answers> answers) {
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
                each -> {
                  int threads = options.latencyThreads();
                  try (Classifier around =
                      Augmented.around(each, classifier, path, threads, pixels)) {
                    return Latency.of(around, image, options.warmUps(), options.runs());
                  }
                });
      }
      // Now, while nothing else is loaded that the other process would compete with.
      OptionalLong memory = PeakMemory.of(path);
      try (RuntimeClassifier classifier = open(file.format(), path, options.threads())) {
        Predictions found = networks.predictions(classifier, test, reference.graph(), file.file());
        Optional<Augmented> augmented =
            copies.map(
                each -> {
                  try (Classifier around =
                      Augmented.around(each, classifier, path, options.threads(), pixels)) {
                    String note = file.file() + ", " + each.inWords();
                    Predictions with = networks.predictions(around, test, reference.graph(), note);
                    return Augmented.of(
                        each,
                        FileSums.OfCopies.of(found, with, test),
                        test.size(),
                        together.orElseThrow());
                  }
                });
        double difference = reference.difference(found);
        AccuracyLoss loss = AccuracyLoss.between(compared.right(test), found.right(test));
        double divergence = found.klDivergence(reference.all());
        OutputMatch outputs = outputs(file, reference, found);
        Verdict verdict = Verdict.of(outputs, loss, options.maxDrop());
        Answerer by = Answerer.of(reference.network()).in(file.file());
        answers.add(Answers.of(by, found, Optional.of(compared), test));
        return new FileCheck(
            file.file(),
            classifier.runtime(),
            found.accuracy(test),
            found.agreement(reference.all()),
            // JSON knows no infinity, which a NaN among the outputs gives.
            Double.isFinite(difference) ? Double.valueOf(difference) : null,
            outputs.rounding(),
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

  private OutputMatch outputs(ExportedFile file, Reference reference, Predictions found) {
    if (file.precision().isInteger()) {
      return simulated.match(file, folder, reference.graph(), reference.all(), found);
    }
    WeightStorage storage = file.precision().storage();
    double difference =
        storage.isRounded()
            ? rounded.difference(
                reference.graph(), file.tunedIn(folder), storage, reference.oracle(), found)
            : reference.difference(found);
    return OutputMatch.ofFloats(difference, reference.all().range());
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
      case TFLITE -> TfliteClassifier.open(file, RuntimeClassifier.TFLITE_THREADS);
    };
  }
}
