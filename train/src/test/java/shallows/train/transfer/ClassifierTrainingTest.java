package shallows.train.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.graph.ClassifierHead;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Normalization;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.progress.Progress;
import shallows.train.inference.TorchClassifier;
import shallows.train.loop.Epoch;
import shallows.train.loop.TrainingPhase;
import shallows.train.options.Compute;

class ClassifierTrainingTest {
  private static final Compute COMPUTE = Compute.cpu(1);
  private static final List<String> CLASSES = List.of("red", "green", "blue");
  private static final int SIDE = 8;
  private static final int EPOCHS = 10;
  private static final ClassifierTraining TRAINING =
      new ClassifierTraining(EPOCHS, true, 1, COMPUTE);

  private final Graph network = ClassifierHead.of(ofColours()).replaced(CLASSES);
  private final HeldOutSplit images = pictures(120).split(0.25, 1);

  @TempDir private Path folder;

  @Test
  void featuresThatTellTheClassesApartGiveAClassifierThatIsAlwaysRight() {
    ClassifierTraining.Trained trained = TRAINING.train(network, images, null, Progress.SILENT);

    assertEquals(6, trained.features());
    assertEquals(
        1.0,
        TorchClassifier.answers(trained.network(), images.heldOut(), COMPUTE)
            .accuracy(images.heldOut()));
    assertEquals(EPOCHS, trained.history().size());
    Epoch last = trained.history().get(EPOCHS - 1);
    assertEquals(1.0, last.heldOutAccuracy());
    assertEquals(TrainingPhase.CLASSIFIER, last.phase());
    assertTrue(last.heldOutLoss() < trained.history().get(0).heldOutLoss());
    // All else is as it came.
    String weight = network.node("colours").inputs().get(1);
    assertEquals(network.parameter(weight), trained.network().parameter(weight));
  }

  @Test
  void featuresAreKeptAndComputedAgainOnlyWhereTheyAreDamaged() throws IOException {
    Graph without = TRAINING.train(network, images, null, Progress.SILENT).network();
    Graph first = TRAINING.train(network, images, folder, Progress.SILENT).network();
    List<Path> files = files();
    assertEquals(3, files.size(), files.toString());
    List<Object> written = new ArrayList<>();
    for (Path file : files) {
      written.add(Files.readAttributes(file, "fileKey,lastModifiedTime"));
    }
    byte[] bytes = Files.readAllBytes(files.get(0));
    bytes[bytes.length - 3] ^= 1;
    Files.write(files.get(0), bytes);

    Graph second = TRAINING.train(network, images, folder, Progress.SILENT).network();

    assertSameClassifier(without, first);
    assertSameClassifier(first, second);
    assertNotEquals(written.get(0), Files.readAttributes(files.get(0), "fileKey,lastModifiedTime"));
    for (int i = 1; i < files.size(); i++) {
      assertEquals(written.get(i), Files.readAttributes(files.get(i), "fileKey,lastModifiedTime"));
    }
  }

  @Test
  void featuresOfAnotherNetworkOrOtherImagesAreNotTaken() {
    TRAINING.train(network, images, folder, Progress.SILENT);
    Graph brighter =
        network.withTask(
            new Task(CLASSES, new Normalization(List.of(0f, 0f, 0f), List.of(.5f, 1f, 2f))));

    assertSameClassifier(
        TRAINING.train(brighter, images, null, Progress.SILENT).network(),
        TRAINING.train(brighter, images, folder, Progress.SILENT).network());
    HeldOutSplit others = pictures(120).split(0.25, 2);
    assertSameClassifier(
        TRAINING.train(network, others, null, Progress.SILENT).network(),
        TRAINING.train(network, others, folder, Progress.SILENT).network());
  }

  @Test
  void noMoreFeaturesAreKeptThanTheBoundHas() throws IOException {
    long bound = 6L * Float.BYTES * 40;

    ClassifierTraining.Trained trained =
        TRAINING.train(network, images, folder, Progress.SILENT, bound);

    long values = 0;
    for (Path file : files()) {
      assertTrue(!file.getFileName().toString().startsWith("mirrored"), file.toString());
      values += Files.size(file) / Float.BYTES / 6;
    }
    assertTrue(values < 2 * 40 + 400, values + " rows, headers counted");
    assertEquals(1, trained.history().get(0).steps(), "40 images are one batch of 32");
    assertEquals(1.0, trained.history().get(EPOCHS - 1).heldOutAccuracy());
  }

  @Test
  void theProbeKnowsFeaturesThatTellFromThoseThatDoNot() {
    LabelledImages all = pictures(120);
    int[] shuffled = all.labels();
    Random random = new Random(5);
    for (int i = 0; i < shuffled.length; i++) {
      shuffled[i] = random.nextInt(3);
    }
    byte[] pixels = new byte[120 * all.imageBytes()];
    for (int i = 0; i < 120; i++) {
      System.arraycopy(all.image(i), 0, pixels, i * all.imageBytes(), all.imageBytes());
    }
    LabelledImages wrong = new LabelledImages("wrong", CLASSES, 3, SIDE, SIDE, pixels, shuffled);
    Graph features = ClassifierHead.of(network).features();

    assertEquals(1.0, LinearProbe.of(features, all, 1, COMPUTE).accuracy());
    // Of 120 guesses a third is right, give or take four standard deviations.
    assertEquals(1 / 3.0, LinearProbe.of(features, wrong, 1, COMPUTE).accuracy(), 0.18);
  }

  @Test
  void aFeatureThatNeverVariesHasNoWeight() {
    float[][] sample = new float[40][];
    int[] labels = new int[40];
    Random random = new Random(2);
    for (int i = 0; i < sample.length; i++) {
      labels[i] = i % 2;
      // The scales of features do not matter.
      sample[i] = new float[] {7, 1e4f * (labels[i] + random.nextFloat() / 2), random.nextFloat()};
    }
    ClassifierEpochs epochs = new ClassifierEpochs(sample, labels, 2, EPOCHS, 1);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      epochs.run(epoch);
    }
    SoftmaxRegression found = epochs.regression();
    Tensor weight = found.weight();

    assertEquals(1.0, found.measured(sample, labels)[1]);
    assertEquals(0f, weight.values()[0]);
    assertEquals(0f, weight.values()[3]);
    // The layer on the features as they are says the same.
    for (int i = 0; i < sample.length; i++) {
      double[] logits = new double[2];
      for (int k = 0; k < 2; k++) {
        logits[k] = found.bias().values()[k];
        for (int j = 0; j < 3; j++) {
          logits[k] += (double) weight.values()[3 * k + j] * sample[i][j];
        }
      }
      assertEquals(labels[i], logits[1] > logits[0] ? 1 : 0);
    }
  }

  private static void assertSameClassifier(Graph one, Graph other) {
    for (String parameter : ClassifierHead.of(one).parameters()) {
      assertArrayEquals(one.parameter(parameter).values(), other.parameter(parameter).values());
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** Seven classes of others, on the means of three colours and of their opposites. */
  private static Graph ofColours() {
    GraphBuilder builder =
        new GraphBuilder("colours", Shape.of(3, SIDE, SIDE), Task.unnamed(7, 3), 1);
    float[] weight = new float[18];
    for (int c = 0; c < 3; c++) {
      weight[3 * c + c] = 1;
      weight[3 * (c + 3) + c] = -1;
    }
    String x =
        builder.add(
            "colours",
            Operation.Conv2d.of(1, 0),
            builder.image(),
            builder.parameter("colours/weight", new Tensor(Shape.of(6, 3, 1, 1), weight)));
    x = builder.add("mean", new Operation.GlobalAveragePool(), x);
    x = builder.add("vector", new Operation.Flatten(), x);
    return builder.build(builder.linear("classes", x, 7));
  }

  /** Noise in which one colour is brighter. */
  private static LabelledImages pictures(int count) {
    Random random = new Random(4);
    byte[] pixels = new byte[count * SIDE * SIDE * 3];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % 3;
      for (int p = 0; p < SIDE * SIDE * 3; p++) {
        pixels[i * SIDE * SIDE * 3 + p] =
            (byte) (random.nextInt(128) + (p % 3 == labels[i] ? 100 : 0));
      }
    }
    return new LabelledImages("colours", CLASSES, 3, SIDE, SIDE, pixels, labels);
  }

  @Test
  void mirrorImagesAreLearnedFromToo() {
    ClassifierTraining plain = new ClassifierTraining(1, false, 1, COMPUTE);

    assertEquals(
        2 * plain.train(network, images, null, Progress.SILENT).history().get(0).steps(),
        TRAINING.train(network, images, null, Progress.SILENT).history().get(0).steps(),
        1);
  }
}
