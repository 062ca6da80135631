package shallows.export.verify;

import java.util.ArrayList;
import java.util.List;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.Predictions;
import shallows.export.ExportedNetwork;
import shallows.export.NetworkForm;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.model.graph.Graph;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;

/**
 * What the networks answer that files are held to.
 *
 * @param test of the size that the graphs take
 * @param progress hears of each image
 */
record NetworkAnswers(VerifierOptions options, LabelledImages test, Progress progress) {
  private static final int BATCH = 100;

  Predictions asItCame(Graph original) {
    try (OnnxRuntimeClassifier onnx = inOnnxRuntime(original)) {
      return predictions(onnx, test, original, "network as it came");
    }
  }

  Reference reference(ExportedNetwork network) {
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
  static boolean isSampled(Graph full) {
    return full.blocks().stream().anyMatch(block -> full.survival(block) < 1);
  }

  /** Of as many sampled members as the options say. */
  Predictions monteCarlo(Graph full) {
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

  private OnnxRuntimeClassifier inOnnxRuntime(Graph graph) {
    return OnnxRuntimeClassifier.open(OnnxWriter.bytes(graph), graph.name(), options.threads());
  }

  /** The first images, as many as the interpreter computes. */
  LabelledImages oracleImages() {
    return test.subset(0, Math.min(options.oracleImages(), test.size()));
  }

  Predictions predictions(Classifier classifier, LabelledImages images, Graph graph, String note) {
    return Predictions.of(
        classifier, images, graph.task(), BATCH, new NotedProgress(progress, note));
  }
}
