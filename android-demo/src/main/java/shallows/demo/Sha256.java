package shallows.demo;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/** The checksum by which a bundle names its files. */
final class Sha256 {
  private Sha256() {}

  /** In hexadecimal, 64 small letters and digits. */
  static String of(byte[] content) {
    try {
      StringBuilder text = new StringBuilder();
      for (byte b : MessageDigest.getInstance("SHA-256").digest(content)) {
        text.append(String.format(Locale.ROOT, "%02x", b));
      }
      return text.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Android has SHA-256", e);
    }
  }
}
