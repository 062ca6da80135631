package shallows.data.sets;

import java.util.List;
import shallows.data.download.Checksum;
import shallows.data.download.RemoteFile;
import shallows.data.format.SvhnFormat;

/**
 * The Street View House Numbers (Netzer et al. 2011), format 2: colour images of digits, 32x32, ten
 * classes, of which 73,257 to train and 26,032 to test. The easier images of {@code
 * extra_32x32.mat} are left aside, as most comparisons do.
 */
final class Svhn {
  private static final String AUTHORS = "http://ufldl.stanford.edu/housenumbers/";

  static final SvhnFormat FORMAT = new SvhnFormat("train_32x32.mat", "test_32x32.mat");

  static final PublishedDataSet DATA =
      new PublishedDataSet(
          "svhn",
          "SVHN",
          "SVHN by Netzer et al., for non-commercial use",
          FORMAT,
          List.of(),
          List.of(
              List.of(
                  RemoteFile.in(
                      AUTHORS, FORMAT.train(), Checksum.md5("e26dedcc434d2e4c54c9b2d4a06d8373")),
                  RemoteFile.in(
                      AUTHORS, FORMAT.test(), Checksum.md5("eb5a983be6a315427106f1b164d9cef3")))));

  private Svhn() {}
}
