package shallows.data.sets;

import java.util.List;
import shallows.data.download.Checksum;
import shallows.data.download.RemoteFile;
import shallows.data.format.CifarFormat;

/**
 * CIFAR-10 (Krizhevsky 2009): colour images of animals and vehicles, 32x32, ten classes, in the
 * authors' binary form or in that of DJL's repository, which is the same with the five training
 * files in one.
 */
final class Cifar10 {
  private static final String DJL = "https://mlrepo.djl.ai/dataset/cv/ai/djl/basicdataset/cifar10/";
  private static final String AUTHORS = "https://www.cs.toronto.edu/~kriz/";
  private static final String ARCHIVE = "cifar-10-binary.tar.gz";

  static final CifarFormat FORMAT =
      new CifarFormat(
          ARCHIVE,
          "cifar-10-batches-bin",
          List.of(
              List.of(
                  "data_batch_1.bin",
                  "data_batch_2.bin",
                  "data_batch_3.bin",
                  "data_batch_4.bin",
                  "data_batch_5.bin"),
              List.of("data_batch.bin")),
          "test_batch.bin",
          1,
          List.of(
              "airplane",
              "automobile",
              "bird",
              "cat",
              "deer",
              "dog",
              "frog",
              "horse",
              "ship",
              "truck"));

  static final PublishedDataSet DATA =
      new PublishedDataSet(
          "cifar-10",
          "CIFAR-10",
          "CIFAR-10 by Krizhevsky, Nair and Hinton",
          FORMAT,
          List.of(),
          List.of(
              List.of(
                  RemoteFile.in(
                      DJL,
                      "data_batch.bin.gz",
                      Checksum.sha1("7d419c355d2267b1f8e949af07cef073d26c590e")),
                  RemoteFile.in(
                      DJL,
                      "test_batch.bin.gz",
                      Checksum.sha1("e3211925febe953b7bce86a8cb3cca98724aceee"))),
              List.of(
                  RemoteFile.in(
                      AUTHORS, ARCHIVE, Checksum.md5("c32a1d4ab5d03f1284b67883e8d87530")))));

  private Cifar10() {}
}
