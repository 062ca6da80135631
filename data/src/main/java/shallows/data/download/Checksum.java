package shallows.data.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What a file's publisher says its bytes digest to. The algorithms are the publishers' choice: they
 * tell a damaged file from a whole one, and do not prove who made it.
 *
 * @param algorithm as {@link MessageDigest} names it, for example {@code "MD5"}
 * @param hex the digest, hexadecimal in lower case
 */
public record Checksum(String algorithm, String hex) {
  public Checksum {
    if (digest(algorithm).getDigestLength() * 2 != hex.length()) {
      throw new IllegalArgumentException(
          "expected the length of a digest of " + algorithm + ", found " + hex);
    }
  }

  public static Checksum md5(String hex) {
    return new Checksum("MD5", hex);
  }

  public static Checksum sha1(String hex) {
    return new Checksum("SHA-1", hex);
  }

  /** The same kind of digest of a file's bytes from the first to the last. */
  Checksum of(FileChannel file) throws IOException {
    MessageDigest digest = digest(algorithm);
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    long position = 0;
    for (int read = file.read(buffer, position);
        read >= 0;
        read = file.read(buffer.clear(), position)) {
      position += read;
      digest.update(buffer.flip());
    }
    return new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("no digest is called " + algorithm, e);
    }
  }

  @Override
  public String toString() {
    return algorithm.toLowerCase(Locale.ROOT) + " " + hex;
  }
}
