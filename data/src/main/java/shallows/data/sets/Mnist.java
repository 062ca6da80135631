package shallows.data.sets;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.data.download.Checksum;
import shallows.data.download.RemoteFile;
import shallows.data.format.IdxFormat;

/** MNIST (LeCun et al. 1998): grey images of handwritten digits, 28x28, ten classes. */
final class Mnist {
  private static final String DJL =
      "https://mlrepo.djl.ai/dataset/cv/ai/djl/basicdataset/mnist/1.0/";
  private static final String MIRROR = "https://ossci-datasets.s3.amazonaws.com/mnist/";

  /** First DJL's repository, with its checksums; then a mirror of the authors' files. */
  static final PublishedDataSet DATA =
      new PublishedDataSet(
          "mnist",
          "MNIST",
          "MNIST by LeCun, Cortes and Burges",
          new IdxFormat(Optional.of(IntStream.range(0, 10).mapToObj(Integer::toString).toList())),
          List.of(),
          List.of(
              files(
                  DJL,
                  Checksum.sha1("0e0d45c28981154deda73aabc437dc09aa5a4fd1"),
                  Checksum.sha1("af3fbf34a4396c1ee1a6128dfde57812d8abe06e"),
                  Checksum.sha1("5a939b565aa3e5063d816efc7f3dfb721135648d"),
                  Checksum.sha1("0e4e66587e3a14f5775793e2ae10d1c48be8ae46")),
              files(
                  MIRROR,
                  Checksum.md5("f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                  Checksum.md5("d53e105ee54ea40749a09fcbcd1e9432"),
                  Checksum.md5("9fb629c4189551a2d022fa330f9573f3"),
                  Checksum.md5("ec29112dd5afa0611ce80d1b7f02629c"))));

  private Mnist() {}

  /**
   * The four files of this set, or of one made after it.
   *
   * @param folder the address before their names
   */
  static List<RemoteFile> files(
      String folder,
      Checksum trainImages,
      Checksum trainLabels,
      Checksum testImages,
      Checksum testLabels) {
    return List.of(
        RemoteFile.in(folder, "train-images-idx3-ubyte.gz", trainImages),
        RemoteFile.in(folder, "train-labels-idx1-ubyte.gz", trainLabels),
        RemoteFile.in(folder, "t10k-images-idx3-ubyte.gz", testImages),
        RemoteFile.in(folder, "t10k-labels-idx1-ubyte.gz", testLabels));
  }
}
