package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataOptions;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.data.sets.DataSets;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Rewrites;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;
import shallows.train.inference.VariantPredictions;
import shallows.train.options.Compute;

/** What {@code --dropout} does; that it survives 20 kills is in {@link KilledTrainingTest}. */
@Tag("trains")
class DropoutOptionTest {
  private static final String WITH_DROPOUT = "wrn-10-1-d0.3-s2";

  @TempDir private static Path folder;

  @Test
  void aTrainingDropsAtTheRateThatWasAskedFor() {
    Graph half = train("half", WITH_DROPOUT, "--dropout", 0.5);
    List<Operation> dropouts =
        half.nodes().stream()
            .map(Node::operation)
            .filter(Operation.Dropout.class::isInstance)
            .toList();
    assertEquals(3, dropouts.size());
    dropouts.forEach(dropout -> assertEquals(new Operation.Dropout(0.5f), dropout));
    float[] own = stem(train("own", WITH_DROPOUT));
    assertFalse(Arrays.equals(own, stem(half)), "0.5 trains as 0.3 does");
    float[] none = stem(train("none", WITH_DROPOUT, "--dropout", 0));
    assertFalse(Arrays.equals(own, none), "0.3 drops nothing");
    assertArrayEquals(stem(train("without", "wrn-10-1-s2")), none);
  }

  @Test
  void anEvaluationDropsNothing() {
    Graph trained = train("evaluated", WITH_DROPOUT, "--dropout", 0.9);
    Map<String, Operation> off = new HashMap<>();
    for (Node node : trained.nodes()) {
      if (node.operation() instanceof Operation.Dropout) {
        off.put(node.name(), new Operation.Dropout(0));
      }
    }
    LabelledImages images =
        DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT)
            .test()
            .subset(0, 50);
    assertArrayEquals(
        answers(Rewrites.withOperations(trained, off), images).scores(),
        answers(trained, images).scores());
  }

  @Test
  void aNetworkWithoutDropoutIsRefusedByName() {
    String refusal =
        CommandLineSession.refusal(
            "train",
            "--network",
            "resnet-8-s2",
            "--dropout",
            0.5,
            "--out",
            folder.resolve("refused"));
    assertTrue(refusal.contains("--dropout: expected a network with dropout"), refusal);
    assertTrue(refusal.contains("found resnet-8-s2"), refusal);
  }

  private static Predictions answers(Graph graph, LabelledImages images) {
    return VariantPredictions.of(graph, List.of(graph), images, Compute.cpu(1), Progress.SILENT)
        .get(0);
  }

  private static float[] stem(Graph graph) {
    return graph.parameter("stem/conv/weight").values();
  }

  private static Graph train(String name, String network, Object... more) {
    Path run = folder.resolve(name);
    CommandLineSession session =
        CommandLineSession.of(
            Stream.concat(
                    Stream.of(
                        "train",
                        "--network",
                        network,
                        "--train-images",
                        200,
                        "--epochs",
                        1,
                        "--out",
                        run,
                        "--quiet"),
                    Stream.of(more))
                .toArray());
    assertEquals(0, session.status(), session.toString());
    return OnnxReader.read(run.resolve("train/model.onnx"));
  }
}
