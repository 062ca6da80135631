package shallows.model.images;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Fashion-MNIST of Zalando Research: grey images of clothes, 28x28, ten classes. The first images
 * of each class, 1,200 to train and 200 to test, are embedded (their README says more); Debian's
 * package {@code dataset-fashion-mnist} installs all 70,000.
 */
final class FashionMnist {
  static final String NAME = "Fashion-MNIST";
  static final String MINI_NAME = "Fashion-MNIST mini";
  static final Path DEBIAN = Path.of("/usr/share/datasets/fashion-mnist");
  static final List<String> CLASSES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private FashionMnist() {}

  static LabelledImages miniTrain() {
    return mini("train", MINI_NAME + " train");
  }

  static LabelledImages miniTest() {
    return mini("t10k", MINI_NAME + " test");
  }

  private static LabelledImages mini(String part, String name) {
    String images = "fashion-mnist-mini/" + part + "-images-idx3-ubyte.gz";
    String labels = "fashion-mnist-mini/" + part + "-labels-idx1-ubyte.gz";
    return IdxReader.combine(
        name, CLASSES, images, resource(images, true), labels, resource(labels, false));
  }

  private static IdxFile resource(String name, boolean images) {
    try (InputStream in = FashionMnist.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(name + " is missing from the jar");
      }
      return IdxFile.readPacked(name, in, images);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
