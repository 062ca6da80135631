package shallows.pipeline.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.model.graph.Graph;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.pipeline.report.Sample;

/**
 * Test images for the page to show, with what both networks say of them: the first of each class,
 * and the first ones that the pruned network gets wrong. The page says so.
 */
final class SampleImages {
  private static final int OF_EACH_KIND = 12;

  /** Among so many there are mistakes enough. */
  private static final int LOOKED_AT = 2000;

  private static final int BATCH = 100;

  private SampleImages() {}

  static List<Sample> choose(LabelledImages test, Graph full, Graph pruned, int threads) {
    LabelledImages images = test.subset(0, Math.min(LOOKED_AT, test.size()));
    Predictions byFull = predictions(full, images, threads);
    Predictions byPruned = predictions(pruned, images, threads);
    TreeSet<Integer> classes = new TreeSet<>();
    List<Integer> ofClasses = new ArrayList<>();
    List<Integer> wrong = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      if (ofClasses.size() < OF_EACH_KIND && classes.add(images.label(i))) {
        ofClasses.add(i);
      } else if (wrong.size() < OF_EACH_KIND && byPruned.predicted(i) != images.label(i)) {
        wrong.add(i);
      }
    }
    ofClasses.sort((a, b) -> images.label(a) - images.label(b));
    ofClasses.addAll(wrong);
    return ofClasses.stream().map(i -> sample(images, i, byFull, byPruned)).toList();
  }

  private static Predictions predictions(Graph graph, LabelledImages images, int threads) {
    try (OnnxRuntimeClassifier classifier =
        OnnxRuntimeClassifier.open(OnnxWriter.bytes(graph), graph.name(), threads)) {
      return Predictions.of(classifier, images, graph.task(), BATCH, Progress.SILENT);
    }
  }

  private static Sample sample(
      LabelledImages images, int i, Predictions byFull, Predictions byPruned) {
    return new Sample(
        images.image(i),
        images.height(),
        images.width(),
        images.channels(),
        images.label(i),
        floats(byFull.probabilities(i)),
        floats(byPruned.probabilities(i)));
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
