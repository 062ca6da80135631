package shallows.data.sets;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.data.download.Checksum;
import shallows.data.format.IdxFile;
import shallows.data.format.IdxFormat;
import shallows.data.format.IdxReader;

/**
 * Fashion-MNIST of Zalando Research: grey images of clothes, 28x28, ten classes. The first images
 * of each class, 1,200 to train and 200 to test, are embedded (their README says more); Debian's
 * package {@code dataset-fashion-mnist} installs all 70,000.
 */
final class FashionMnist {
  static final String NAME = "Fashion-MNIST";
  static final String ORIGIN = "Fashion-MNIST by Zalando Research, MIT licence";
  static final String MINI_NAME = "Fashion-MNIST mini";

  /** Where Debian's package {@code dataset-fashion-mnist} puts it. */
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

  private static final String DJL =
      "https://mlrepo.djl.ai/dataset/cv/ai/djl/basicdataset/fashmnist/1.0/";
  private static final String AUTHORS =
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";

  /** First DJL's repository, with its checksums; then the authors' files. */
  static final PublishedDataSet DATA =
      new PublishedDataSet(
          "fashion-mnist",
          NAME,
          ORIGIN,
          new IdxFormat(Optional.of(CLASSES)),
          List.of(DEBIAN),
          List.of(
              Mnist.files(
                  DJL,
                  Checksum.sha1("c344e7bef3f82656d067053a4fa7620f08d3b429"),
                  Checksum.sha1("aa91399451258c96d2c458acbb3528061b6be41d"),
                  Checksum.sha1("b597952fd9c9385de6703d98a94cea0771f31f3c"),
                  Checksum.sha1("2cf4b1366b92ba8ae4faa1f9d34d3e1ecacdb498")),
              Mnist.files(
                  AUTHORS,
                  Checksum.md5("8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                  Checksum.md5("25c81989df183df01b3e8a0aad5dffbe"),
                  Checksum.md5("bef4ecab320f06d8554ea6380940ec79"),
                  Checksum.md5("bb300cfdad3c16e7a12a480ee83cd310"))));

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
