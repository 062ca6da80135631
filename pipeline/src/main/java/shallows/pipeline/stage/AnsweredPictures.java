package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import shallows.data.DataSet;
import shallows.data.FolderReading;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.data.folder.BrokenImagesException;
import shallows.data.folder.BrokenImagesException.Broken;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.json.JsonFormat;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.measure.AskedTask;
import shallows.pipeline.measure.UnlabelledPictures;

/**
 * Pictures without labels as the images of a run: what the network as it came answers counts as
 * right. So accuracy is agreement with it, and a point of it one answer in a hundred that changed.
 * The answers are asked for once, and kept, as another processor might give others where two
 * classes are equally likely.
 *
 * @param network that was brought along
 * @param settings what is known of the pictures
 */
record AnsweredPictures(ImportSettings network, TrainSettings settings, Progress progress) {
  /** Twenty to decide by, twenty to fit to, ten to test on. */
  private static final int FEWEST = 50;

  /** One of so many is kept to test on, as of a folder of classes. */
  private static final int TESTED = 5;

  /** Bytes of pixels that are kept: 2,000 pictures of 224x224. */
  private static final int MOST_BYTES = 300_000_000;

  private static final int BATCH = 50;

  /**
   * {@code answers.json}: the class that the network gives each picture, by the number of its
   * output.
   *
   * @param training pictures, in the order of their names
   * @param test likewise
   */
  record Answers(List<Integer> training, List<Integer> test) {
    static final JsonFormat<Answers> FORMAT =
        new JsonFormat<>(Answers.class, "the answers of a network", "begin the run anew elsewhere");

    Answers {
      training = List.copyOf(training);
      test = List.copyOf(test);
    }

    static Answers of(DataSet data) {
      return new Answers(of(data.train()), of(data.test()));
    }

    private static List<Integer> of(LabelledImages images) {
      return Arrays.stream(images.labels()).boxed().toList();
    }
  }

  /**
   * @param known the answers, where they were asked for before
   * @throws BadInputException when pictures do not decode and none may be left out, or there are
   *     too few that differ, in pixels or in what the network sees in them
   */
  DataSet open(Optional<Answers> known) {
    Shape image = Shape.of(network.channels(), network.height(), network.width());
    UnlabelledPictures read =
        UnlabelledPictures.read(Path.of(settings.data()), image, most(image), progress);
    requireWhole(read.broken(), read.files().size() + read.broken().size());
    if (read.files().size() + read.broken().size() < read.found()) {
      progress.remark(
          String.format(
              Locale.ROOT,
              "%s: %,d of %,d pictures are used",
              settings.data(),
              read.files().size(),
              read.found()));
    }
    int[] unknown = new int[read.files().size()];
    LabelledImages all = read.labelled(name(), network.labels(), unknown);
    int[] distinct = distinct(all);
    requireEnough(distinct.length, all.size());
    int[] training = part(distinct, false);
    int[] test = part(distinct, true);
    int[] classes = unknown;
    if (known.isPresent()) {
      put(known.get().training(), training, classes);
      put(known.get().test(), test, classes);
    } else {
      int[] answers = answers(all, normalization(network, all.subset(training)));
      requireSeveral(answers, distinct);
      classes = answers;
    }
    LabelledImages answered = read.labelled(name(), network.labels(), classes);
    return new DataSet(
        name(),
        settings.data(),
        answered.subset(training).named(name() + ", training"),
        Optional.empty(),
        answered.subset(test).named(name() + ", test"),
        new FolderReading(
            read.broken().stream().map(Broken::toString).toList(), Map.of(), Optional.empty()));
  }

  /** Says wherever it stands what an accuracy on these pictures is. */
  private String name() {
    return Path.of(settings.data()).getFileName()
        + ", labelled by the answers of "
        + Path.of(network.file()).getFileName();
  }

  private int most(Shape image) {
    long wanted =
        settings.trainImages() == null
            ? Integer.MAX_VALUE
            : ((long) settings.trainImages() * TESTED + TESTED - 2) / (TESTED - 1);
    return (int) Math.max(FEWEST, Math.min(wanted, MOST_BYTES / image.size()));
  }

  /** How their pixels are scaled for the network, which no labels can tell. */
  static Normalization normalization(ImportSettings network, LabelledImages training) {
    Path file = Path.of(network.file());
    boolean preset =
        !network.normalization().equals(ImportSettings.OF_FILE)
            && !network.normalization().equals(ImportSettings.GIVEN);
    return new AskedTask(
            Optional.empty(),
            preset ? Optional.of(network.normalization()) : Optional.empty(),
            network.mean(),
            network.deviation())
        .withoutLabels(file, preset ? Optional.empty() : OnnxReader.task(file), training);
  }

  private int[] answers(LabelledImages images, Normalization normalization) {
    Graph graph = OnnxReader.imported(Path.of(network.file()), network.reading()).graph();
    Task task = new Task(network.labels(), normalization);
    try (OnnxRuntimeClassifier classifier =
        OnnxRuntimeClassifier.open(OnnxWriter.bytes(graph), graph.name(), 1)) {
      Predictions answers = Predictions.of(classifier, images, task, BATCH, progress);
      return IntStream.range(0, answers.size()).map(answers::predicted).toArray();
    }
  }

  /** The first of each that has the same pixels: others say nothing new. */
  private static int[] distinct(LabelledImages images) {
    Set<Long> seen = new HashSet<>();
    return IntStream.range(0, images.size()).filter(i -> seen.add(images.content(i))).toArray();
  }

  private static int[] part(int[] indices, boolean tested) {
    return IntStream.range(0, indices.length)
        .filter(i -> (i % TESTED == TESTED - 1) == tested)
        .map(i -> indices[i])
        .toArray();
  }

  private void put(List<Integer> answers, int[] indices, int[] classes) {
    if (answers.size() != indices.length
        || answers.stream().anyMatch(answer -> answer < 0 || answer >= network.outputs())) {
      throw new BadInputException(
          settings.data(),
          "the pictures of this run, with an answer for each",
          answers.size() + " answers for " + indices.length,
          Phrase.of("restore the images, or begin another run with another %s", Setting.OUT));
    }
    for (int i = 0; i < indices.length; i++) {
      classes[indices[i]] = answers.get(i);
    }
  }

  private void requireWhole(List<Broken> broken, int of) {
    if (!broken.isEmpty() && !settings.skipBroken()) {
      throw BrokenImagesException.refusal(settings.data(), broken, of);
    }
  }

  private void requireEnough(int distinct, int all) {
    if (distinct < FEWEST) {
      throw new BadInputException(
          settings.data(),
          "at least " + FEWEST + " different pictures, as they have no labels",
          distinct == all ? distinct : distinct + " different ones among " + all,
          "add some of the kind that the network will see; a few hundred are good");
    }
  }

  /** A network that always says the same would do for pictures of one class. */
  private void requireSeveral(int[] answers, int[] distinct) {
    if (Arrays.stream(distinct).map(i -> answers[i]).distinct().count() < 2) {
      throw new BadInputException(
          settings.data(),
          "pictures of several classes, as their answers count as right",
          "'" + network.labels().get(answers[distinct[0]]) + "' for all " + distinct.length,
          Phrase.of(
              "add pictures of other classes, or check %s and what the network is for",
              Setting.NORMALIZATION));
    }
  }
}
