package shallows.export.verify;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.Predictions;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.export.answers.Answerer;
import shallows.export.runtime.RuntimeClassifier;
import shallows.model.BadInputException;
import shallows.model.Expect;
import shallows.model.graph.Task;
import shallows.model.progress.Progress;

/**
 * Measures any model file of a task on test images, and compares it with another one. Unlike {@link
 * Verifier} it knows nothing of where the file comes from, so it gives no verdict.
 *
 * @param options for threads and latency
 * @param test one set after another, all of the size that the file takes and of the same classes
 * @param task how pixels are scaled, for the file and its reference
 * @param copies of each image that the file is asked about too, beside the image alone
 */
public record FileVerifier(
    VerifierOptions options,
    List<LabelledImages> test,
    Task task,
    Optional<TestTimeAugmentation> copies,
    Progress progress) {
  private static final int BATCH = 100;

  public FileVerifier {
    test = Expect.list("test", test);
  }

  /**
   * @param reference another file for the same images and classes
   * @throws BadInputException when a file is missing, damaged or of other images or classes
   */
  public FileVerification verify(Path file, Optional<Path> reference) {
    progress.start(
        "verify",
        (long) images() * ((reference.isPresent() ? 2 : 1) + (copies.isPresent() ? 1 : 0)));
    try {
      return verification(file, reference, sums(file, reference, 0));
    } finally {
      progress.finish();
    }
  }

  /**
   * What all answers add up to, part by part ({@link Shard}).
   *
   * @param first how many test images come before these
   * @throws BadInputException likewise, and for outputs that are no numbers
   */
  public FileSums sums(Path file, Optional<Path> reference, int first) {
    try (Answering answering = new Answering(file, reference)) {
      List<FileSums> parts = new ArrayList<>();
      int before = first;
      for (LabelledImages set : test) {
        for (Shard shard : Shard.of(set)) {
          parts.add(answering.sums(shard.inMemory(), before));
          before += shard.size();
        }
      }
      return FileSums.sum(parts);
    }
  }

  /** A file with those that it is compared with, opened once for all images. */
  private final class Answering implements AutoCloseable {
    private final Path file;
    private final RuntimeClassifier classifier;
    private final Optional<RuntimeClassifier> other;
    private final Optional<Classifier> around;
    private final Optional<Path> reference;
    private final Deque<Classifier> opened = new ArrayDeque<>();

    Answering(Path file, Optional<Path> reference) {
      this.file = file;
      this.reference = reference;
      try {
        classifier = closing(open(file, options.threads()));
        other = reference.map(path -> closing(open(path, options.threads())));
        around = copies.map(each -> closing(around(each, classifier, file, options.threads())));
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }

    private <C extends Classifier> C closing(C one) {
      opened.push(one);
      return one;
    }

    FileSums sums(LabelledImages images, int first) {
      Predictions found = predictions(classifier, images, file.getFileName().toString());
      requireNumbers(found, images, file);
      Optional<Predictions> expected =
          other.map(
              each -> {
                Path path = reference.orElseThrow();
                Predictions theirs = predictions(each, images, path.getFileName().toString());
                requireNumbers(theirs, images, path);
                return theirs;
              });
      Optional<Predictions> with =
          around.map(
              each ->
                  predictions(
                      each, images, file.getFileName() + ", " + copies.orElseThrow().inWords()));
      return FileSums.of(found, expected, with, images, first);
    }

    @Override
    public void close() {
      opened.forEach(Classifier::close);
    }
  }

  /**
   * What was measured of a file, with its latency and its memory on this machine.
   *
   * @param sums of its answers, wherever they were found; of the same reference and copies
   */
  public FileVerification verification(Path file, Optional<Path> reference, FileSums sums) {
    Latency latency;
    Optional<Latency> together;
    String runtime;
    int threads = options.latencyThreads();
    try (RuntimeClassifier classifier = open(file, threads)) {
      runtime = classifier.runtime();
      float[] image = test.get(0).normalized(0, 1, task.normalization());
      latency = Latency.of(classifier, image, options.warmUps(), options.runs());
      together =
          copies.map(
              each -> {
                try (Classifier around = around(each, classifier, file, threads)) {
                  return Latency.of(around, image, options.warmUps(), options.runs());
                }
              });
    }
    return new FileVerification(
        file.toFile().length(),
        runtime,
        sums.answers().answers(Answerer.of(file), task.labels()),
        latency,
        new Verification.LatencySettings(threads, options.warmUps(), options.runs()),
        PeakMemory.of(file),
        reference.map(path -> comparison(sums)),
        copies.map(
            each -> Augmented.of(each, sums.copies(), sums.images(), together.orElseThrow())));
  }

  private static FileVerification.Comparison comparison(FileSums sums) {
    FileSums.BesideReference found = sums.reference();
    double images = sums.images();
    return new FileVerification.Comparison(
        found.right() / images,
        found.agreed() / images,
        orInfinite(found.divergence()) / images,
        orInfinite(found.maxAbsDifference()),
        found.largest() == null || found.smallest() == null
            ? Double.POSITIVE_INFINITY
            : found.largest() - found.smallest());
  }

  private static double orInfinite(Double value) {
    return value == null ? Double.POSITIVE_INFINITY : value;
  }

  private int images() {
    return test.stream().mapToInt(LabelledImages::size).sum();
  }

  /** Of outputs that are none, any accuracy would be chance. */
  private static void requireNumbers(Predictions found, LabelledImages images, Path file) {
    for (int i = 0; i < found.size(); i++) {
      if (found.isBroken(i)) {
        throw new BadInputException(
            file,
            "outputs that are numbers",
            "NaN or infinity, first for image " + images.source(i) + " of " + images.name(),
            "take another export of the network, and check how its pixels are scaled");
      }
    }
  }

  private Predictions predictions(Classifier classifier, LabelledImages images, String note) {
    return Predictions.of(classifier, images, task, BATCH, new NotedProgress(progress, note));
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
    LabelledImages images = test.get(0);
    boolean fits =
        classifier.image().dimension(0) == images.channels()
            && classifier.image().dimension(1) == images.height()
            && classifier.image().dimension(2) == images.width()
            && classifier.classes() == images.classes().size();
    if (!fits) {
      throw new BadInputException(
          file,
          "a model of images ("
              + images.channels()
              + ", "
              + images.height()
              + ", "
              + images.width()
              + ") and "
              + images.classes().size()
              + " classes",
          "one of " + classifier.image() + " and " + classifier.classes(),
          "take a file of the same task");
    }
  }
}
