package shallows.export.verify;

import java.nio.file.Path;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.Predictions;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.export.answers.Answerer;
import shallows.export.answers.Answers;
import shallows.export.runtime.RuntimeClassifier;
import shallows.model.BadInputException;
import shallows.model.graph.Task;
import shallows.model.progress.Progress;

/**
 * Measures any model file of a task on test images, and compares it with another one. Unlike {@link
 * Verifier} it knows nothing of where the file comes from, so it gives no verdict.
 *
 * @param options for threads and latency
 * @param test of the size that the file takes
 * @param task how pixels are scaled, for the file and its reference
 * @param copies of each image that the file is asked about too, beside the image alone
 */
public record FileVerifier(
    VerifierOptions options,
    LabelledImages test,
    Task task,
    Optional<TestTimeAugmentation> copies,
    Progress progress) {
  private static final int BATCH = 100;

  /**
   * @param reference another file for the same images and classes
   * @throws BadInputException when a file is missing, damaged or of other images or classes
   */
  public FileVerification verify(Path file, Optional<Path> reference) {
    progress.start(
        "verify",
        (long) test.size() * ((reference.isPresent() ? 2 : 1) + (copies.isPresent() ? 1 : 0)));
    try {
      Latency latency;
      Optional<Latency> together;
      try (RuntimeClassifier classifier = open(file, options.latencyThreads())) {
        float[] image = test.normalized(0, 1, task.normalization());
        latency = Latency.of(classifier, image, options.warmUps(), options.runs());
        together =
            copies.map(
                each -> {
                  try (Classifier around =
                      around(each, classifier, file, options.latencyThreads())) {
                    return Latency.of(around, image, options.warmUps(), options.runs());
                  }
                });
      }
      try (RuntimeClassifier classifier = open(file, options.threads())) {
        Predictions found = predictions(classifier, file);
        requireNumbers(found, file);
        Optional<Predictions> expected = reference.map(this::predictions);
        Optional<Augmented> augmented =
            copies.map(
                each -> {
                  try (Classifier around = around(each, classifier, file, options.threads())) {
                    String note = file.getFileName() + ", " + each.inWords();
                    Predictions with = predictions(around, note);
                    return Augmented.of(each, found, with, test, together.orElseThrow());
                  }
                });
        return new FileVerification(
            file.toFile().length(),
            classifier.runtime(),
            Answers.of(Answerer.of(file), found, expected, test),
            latency,
            new Verification.LatencySettings(
                options.latencyThreads(), options.warmUps(), options.runs()),
            PeakMemory.of(file),
            expected.map(other -> comparison(found, other)),
            augmented);
      }
    } finally {
      progress.finish();
    }
  }

  private FileVerification.Comparison comparison(Predictions found, Predictions expected) {
    return new FileVerification.Comparison(
        expected.accuracy(test),
        found.agreement(expected),
        found.klDivergence(expected),
        found.maxAbsDifference(expected),
        expected.range());
  }

  private Predictions predictions(Path file) {
    try (RuntimeClassifier classifier = open(file, options.threads())) {
      Predictions found = predictions(classifier, file);
      requireNumbers(found, file);
      return found;
    }
  }

  /** Of outputs that are none, any accuracy would be chance. */
  private void requireNumbers(Predictions found, Path file) {
    for (int i = 0; i < found.size(); i++) {
      if (found.isBroken(i)) {
        throw new BadInputException(
            file,
            "outputs that are numbers",
            "NaN or infinity, first for image " + test.source(i) + " of " + test.name(),
            "take another export of the network, and check how its pixels are scaled");
      }
    }
  }

  private Predictions predictions(RuntimeClassifier classifier, Path file) {
    return predictions(classifier, file.getFileName().toString());
  }

  private Predictions predictions(Classifier classifier, String note) {
    return Predictions.of(classifier, test, task, BATCH, new NotedProgress(progress, note));
  }

  private Classifier around(
      TestTimeAugmentation each, RuntimeClassifier classifier, Path file, int threads) {
    return Augmented.around(each, classifier, file, threads, task.normalization());
  }

  private RuntimeClassifier open(Path file, int threads) {
    RuntimeClassifier opened = RuntimeClassifier.open(file, threads);
    try {
      requireFit(opened, file);
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void requireFit(RuntimeClassifier classifier, Path file) {
    boolean fits =
        classifier.image().dimension(0) == test.channels()
            && classifier.image().dimension(1) == test.height()
            && classifier.image().dimension(2) == test.width()
            && classifier.classes() == test.classes().size();
    if (!fits) {
      throw new BadInputException(
          file,
          "a model of images ("
              + test.channels()
              + ", "
              + test.height()
              + ", "
              + test.width()
              + ") and "
              + test.classes().size()
              + " classes",
          "one of " + classifier.image() + " and " + classifier.classes(),
          "take a file of the same task");
    }
  }
}
