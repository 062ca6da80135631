package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.export.ShakenNetworks;
import shallows.export.TestImages;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.WeightStorage;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;

class RoundedAnswersTest {
  @TempDir private Path folder;

  @Test
  void filesOfWhatWasLearnedHaveAnswersOfTheirOwn() throws IOException {
    Graph network = TestImages.centred(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
    LabelledImages images = TestImages.labelledBy(network, 2);
    Predictions exact;
    try (InterpreterClassifier interpreter = new InterpreterClassifier(network)) {
      exact = Predictions.of(interpreter, images, network.task(), 2, Progress.SILENT);
    }
    Graph folded = ExportPasses.all(network);
    String bias = folded.node(folded.output()).inputs().get(2);
    float[] moved = new float[network.classes()];
    Arrays.fill(moved, 1000);
    Graph other = folded.withParameters(Map.of(bias, Tensor.vector(moved)));
    Path learned = folder.resolve("model.onnx");
    Files.write(learned, OnnxWriter.bytes(other));
    RoundedAnswers answers = new RoundedAnswers(images, Progress.SILENT);
    WeightStorage storage = WeightStorage.NIBBLES;
    double own = answers.difference(network, Optional.empty(), storage, exact, exact);
    double others = answers.difference(network, Optional.of(learned), storage, exact, exact);
    assertTrue(own < 100, "own " + own);
    assertTrue(others > 500, "others " + others);
  }
}
