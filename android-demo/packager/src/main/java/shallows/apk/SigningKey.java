package shallows.apk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;

/**
 * What an APK is signed with.
 *
 * @param key RSA or EC; RSA gives the same signature for the same bytes
 * @param certificates of the key, its own first
 */
record SigningKey(PrivateKey key, List<X509Certificate> certificates) {
  private static final String DEBUG_ALIAS = "shallows-debug";

  /** No secret: a debug key only tells this machine's APKs from another's. */
  private static final String DEBUG_PASSWORD = "android";

  /** What Android verifies. */
  private static final List<String> ALGORITHMS = List.of("RSA", "EC");

  SigningKey {
    certificates = List.copyOf(certificates);
  }

  /**
   * The key for trying things out, made when it is not there. Its password is known to everybody,
   * so the file is for its owner alone.
   *
   * @param keystore where it is kept
   */
  static SigningKey debug(Path keystore) {
    if (!Files.exists(keystore)) {
      make(keystore);
    }
    keepPrivate(keystore);
    return read(keystore, DEBUG_ALIAS, DEBUG_PASSWORD.toCharArray(), null);
  }

  /**
   * @param alias null takes the only key there is
   * @param keyPassword of the key itself, in a JKS file where it differs; null takes the other
   * @throws BadInputException when there is no such key or a password is wrong
   */
  static SigningKey read(Path keystore, String alias, char[] password, char[] keyPassword) {
    KeyStore store = open(keystore, password);
    try {
      String entry = alias == null ? onlyKey(keystore, store) : alias;
      PrivateKey key =
          privateKey(keystore, store, entry, keyPassword == null ? password : keyPassword);
      if (!ALGORITHMS.contains(key.getAlgorithm())) {
        throw new BadInputException(
            String.format(
                Locale.ROOT,
                "%s: expected a key of %s, found '%s' of %s; make one with keytool -keyalg RSA",
                keystore,
                ALGORITHMS,
                entry,
                key.getAlgorithm()));
      }
      List<X509Certificate> certificates = new ArrayList<>();
      for (Certificate certificate : store.getCertificateChain(entry)) {
        certificates.add((X509Certificate) certificate);
      }
      return new SigningKey(key, certificates);
    } catch (KeyStoreException e) {
      throw new IllegalStateException("a key store that was opened answers", e);
    }
  }

  /** Asked before a password is. */
  static void requireFile(Path keystore) {
    if (!Files.isRegularFile(keystore)) {
      throw new BadInputException(
          keystore + ": expected a key store, found no such file; check --keystore");
    }
  }

  private static KeyStore open(Path keystore, char[] password) {
    requireFile(keystore);
    try {
      return KeyStore.getInstance(keystore.toFile(), password);
    } catch (IOException | GeneralSecurityException e) {
      // Both formats report a wrong password by this cause.
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw new BadInputException(
            keystore
                + ": expected the password that opens it, found another; check "
                + Main.PASSWORD,
            e);
      }
      throw new BadInputException(
          keystore
              + ": expected a key store (PKCS12 or JKS), found a damaged one or something else;"
              + " restore it from a copy",
          e);
    }
  }

  private static PrivateKey privateKey(Path keystore, KeyStore store, String alias, char[] password)
      throws KeyStoreException {
    try {
      if (store.getKey(alias, password) instanceof PrivateKey key) {
        return key;
      }
    } catch (UnrecoverableKeyException e) {
      throw new BadInputException(
          String.format(
              Locale.ROOT,
              "%s: expected the password of the key '%s', found another; set %s to it",
              keystore,
              alias,
              Main.KEY_PASSWORD),
          e);
    } catch (NoSuchAlgorithmException e) {
      throw new BadInputException(
          String.format(
              Locale.ROOT,
              "%s: expected a key '%s' of %s, found one that this Java cannot read; use another",
              keystore,
              alias,
              ALGORITHMS),
          e);
    }
    throw new BadInputException(
        String.format(
            Locale.ROOT,
            "%s: expected a key '%s', found %s; name one with --key-alias",
            keystore,
            alias,
            Collections.list(store.aliases())));
  }

  private static String onlyKey(Path keystore, KeyStore store) throws KeyStoreException {
    List<String> keys = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        keys.add(alias);
      }
    }
    if (keys.size() != 1) {
      throw new BadInputException(
          keystore + ": expected one key, found " + keys + "; name one with --key-alias");
    }
    return keys.get(0);
  }

  /** Through the JDK's keytool: the JDK itself has no public way to make a certificate. */
  private static void make(Path keystore) {
    Path folder = keystore.toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder);
      // Nobody else can look into such a folder, whatever keytool lets them do with the file.
      Path apart = Files.createTempDirectory(folder, ".new-");
      Path made = apart.resolve("debug.p12");
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-keystore",
                  made.toString(),
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  DEBUG_PASSWORD,
                  "-alias",
                  DEBUG_ALIAS,
                  "-keyalg",
                  "RSA",
                  "-keysize",
                  "2048",
                  "-validity",
                  "10950",
                  "-dname",
                  "CN=Shallows debug")
              .redirectErrorStream(true)
              .start();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (keytool.waitFor() != 0) {
        Files.deleteIfExists(made);
        Files.delete(apart);
        throw new IOException(said);
      }
      keepPrivate(made);
      Files.move(made, keystore, StandardCopyOption.ATOMIC_MOVE);
      Files.delete(apart);
    } catch (IOException e) {
      throw new BadInputException(
          keystore + ": a debug key cannot be made (" + e.getMessage() + "); give --keystore", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInputException(keystore + ": making a debug key was interrupted; try again", e);
    }
  }

  /** To be read and written by its owner alone, where the file system knows of such a thing. */
  private static void keepPrivate(Path file) {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    try {
      view.setPermissions(PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new BadInputException(
          file + ": cannot be kept from others (" + IoReason.of(e) + "); give --keystore", e);
    }
  }
}
