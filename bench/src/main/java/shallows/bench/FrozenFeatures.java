package shallows.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.graph.ClassifierHead;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;
import shallows.train.loop.Epoch;
import shallows.train.options.Compute;
import shallows.train.transfer.ClassifierTraining;

/**
 * What a classifier for three new classes costs on the features of somebody's network: {@code
 * FrozenFeatures IMAGES NETWORK.onnx…}, a network a process where the memory counts. Images are
 * noise, as what they show costs nothing. A line of CSV for each network: GMACs of its features and
 * how many they are, seconds of the first epoch, in which they are computed, and of each later one,
 * and the most memory that the process had so far, in MB.
 */
public final class FrozenFeatures {
  private static final int EPOCHS = 11;
  private static final List<String> CLASSES = List.of("one", "two", "three");

  private FrozenFeatures() {}

  public static void main(String[] arguments) {
    int count = Integer.parseInt(arguments[0]);
    System.out.println("network,gigaMacs,features,images,firstSeconds,laterSeconds,megabytes");
    for (String name : List.of(arguments).subList(1, arguments.length)) {
      Graph network = ClassifierHead.of(OnnxReader.read(Path.of(name))).replaced(CLASSES);
      HeldOutSplit images = noise(count, network.input().shape(), CLASSES).split(0.1, 1);
      ClassifierTraining.Trained trained =
          new ClassifierTraining(EPOCHS, false, 1, Compute.cpu(0))
              .train(network, images, null, Progress.SILENT);
      List<Epoch> epochs = trained.history();
      double first = epochs.get(0).seconds();
      System.out.printf(
          Locale.ROOT,
          "%s,%.2f,%d,%d,%.1f,%.4f,%.0f%n",
          Path.of(name).getFileName(),
          Cost.of(network).macs() / 1e9,
          trained.features(),
          count,
          first,
          (epochs.get(EPOCHS - 1).seconds() - first) / (EPOCHS - 1),
          StepCost.mostResident());
    }
  }

  /** Seeded, with the classes in turn. */
  static LabelledImages noise(int count, Shape image, List<String> classes) {
    byte[] pixels = new byte[count * image.size()];
    new Random(1).nextBytes(pixels);
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % classes.size();
    }
    return new LabelledImages(
        "noise",
        classes,
        image.dimension(0),
        image.dimension(1),
        image.dimension(2),
        pixels,
        labels);
  }
}
