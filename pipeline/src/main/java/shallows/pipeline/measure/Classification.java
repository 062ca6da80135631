package shallows.pipeline.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.data.decode.ImageDecoder;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.Predictions;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.export.runtime.ModelTask;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.verify.Augmented;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.progress.Progress;

/**
 * Images through a model file in its runtime, as a phone would run it. Classes and normalization
 * are those that the file names; of a file that names none the classes have numbers, and pixels go
 * in scaled to [0, 1].
 */
public final class Classification {
  /** Pictures that are decoded together. */
  private static final int DECODED = 32;

  private Classification() {}

  /**
   * What a model sees in an image.
   *
   * @param guesses the likeliest first
   */
  public record Answer(Path image, List<Guess> guesses) {}

  /**
   * A class with its probability.
   *
   * @param label as the model names it, or its number
   * @param probability in [0, 1]
   */
  public record Guess(String label, double probability) {}

  /** Hears of each picture, in the order in which they were named. */
  public interface Listener {
    void answered(Answer answer);

    /**
     * A picture that was found in a folder or a list does not decode.
     *
     * @param why with its name
     */
    void broken(BadInputException why);
  }

  /**
   * @param model {@code .onnx} or {@code .tflite}
   * @param top how many classes an answer has at most
   * @return one for each image
   * @throws BadInputException when a file is missing, damaged or of another kind
   */
  public static List<Answer> of(Path model, List<Path> images, int top) {
    List<Answer> answers = new ArrayList<>();
    each(
        model,
        images,
        top,
        new Listener() {
          @Override
          public void answered(Answer answer) {
            answers.add(answer);
          }

          @Override
          public void broken(BadInputException why) {
            throw why;
          }
        });
    return answers;
  }

  /**
   * Any number of pictures: a few at a time are in memory.
   *
   * @param named picture files, folders of them, and lists ({@code .txt}) with a file in each line
   * @throws BadInputException when a picture that was named itself, or the model, is missing,
   *     damaged or of another kind
   */
  public static void each(Path model, List<Path> named, int top, Listener listener) {
    each(model, named, top, Optional.empty(), listener);
  }

  /**
   * Likewise.
   *
   * @param copies of each picture that the model is asked about, for the mean of its probabilities
   */
  public static void each(
      Path model,
      List<Path> named,
      int top,
      Optional<TestTimeAugmentation> copies,
      Listener listener) {
    try (RuntimeClassifier classifier = RuntimeClassifier.open(model, 1)) {
      Task task = ModelTask.orUnnamed(model, classifier);
      if (copies.isEmpty()) {
        each(new Asked(classifier, classifier.image(), task, top), named, listener);
        return;
      }
      try (Classifier around =
          Augmented.around(copies.get(), classifier, model, 1, task.normalization())) {
        each(new Asked(around, classifier.image(), task, top), named, listener);
      }
    }
  }

  private static void each(Asked asked, List<Path> named, Listener listener) {
    for (Path argument : named) {
      List<Path> pictures = PictureArguments.pictures(argument);
      for (int from = 0; from < pictures.size(); from += DECODED) {
        List<Path> some = pictures.subList(from, Math.min(from + DECODED, pictures.size()));
        for (Decoded picture : decoded(asked.image(), some)) {
          if (picture.failure() == null) {
            listener.answered(answer(asked, picture));
          } else if (PictureArguments.isCollection(argument)) {
            listener.broken(picture.failure());
          } else {
            throw picture.failure();
          }
        }
      }
    }
  }

  /** Who is asked, about images of which shape, and for how many classes. */
  private record Asked(Classifier classifier, Shape image, Task task, int top) {}

  /** A picture as the network takes it, or why there is none. */
  private record Decoded(Path file, byte[] pixels, BadInputException failure) {}

  /** On all cores: decoding a photo takes longer than a small network. */
  private static List<Decoded> decoded(Shape shape, List<Path> files) {
    return files.parallelStream()
        .map(
            file -> {
              try {
                return new Decoded(
                    file,
                    ImageDecoder.decode(
                        file, shape.dimension(0), shape.dimension(1), shape.dimension(2)),
                    null);
              } catch (BadInputException e) {
                return new Decoded(file, null, e);
              }
            })
        .toList();
  }

  private static Answer answer(Asked asked, Decoded picture) {
    Path file = picture.file();
    Shape shape = asked.image();
    Task task = asked.task();
    int channels = shape.dimension(0);
    int height = shape.dimension(1);
    int width = shape.dimension(2);
    // A label is needed to make a set; it is not looked at.
    LabelledImages image =
        new LabelledImages(
            file.toString(), task.labels(), channels, height, width, picture.pixels(), new int[1]);
    double[] probabilities =
        Predictions.of(asked.classifier(), image, task, 1, Progress.SILENT).probabilities(0);
    if (Arrays.stream(probabilities).anyMatch(Double::isNaN)) {
      throw new BadInputException(
          file,
          "outputs of the model that are numbers",
          "one that is none",
          "take another model, or another export of it");
    }
    return new Answer(
        file,
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparingDouble(c -> -probabilities[c]))
            .limit(asked.top())
            .map(c -> new Guess(task.labels().get(c), probabilities[c]))
            .toList());
  }
}
