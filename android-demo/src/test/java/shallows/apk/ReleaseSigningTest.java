package shallows.apk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.android.apksig.ApkVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.demo.TestBundle;

/** The packager as {@code ./shallows apk --keystore} starts it, with key stores of keytool. */
class ReleaseSigningTest {
  private static final String SECRET = "correct horse";

  @TempDir static Path folder;
  private static Path keystore;
  private static Path bundle;

  @BeforeAll
  static void make() throws Exception {
    bundle = folder.resolve("bundle");
    TestBundle.write(bundle);
    keystore = folder.resolve("release.p12");
    keytool(keystore, "PKCS12", "mine", "RSA", SECRET);
  }

  /** A new key, and its key store where there is none. */
  private static void keytool(
      Path file, String type, String alias, String algorithm, String keyPassword)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-genkeypair",
                "-keystore",
                file.toString(),
                "-storetype",
                type,
                "-storepass",
                SECRET,
                "-keypass",
                keyPassword,
                "-alias",
                alias,
                "-keyalg",
                algorithm,
                "-validity",
                "10000",
                "-dname",
                "CN=Release of " + alias));
    Tool keytool = Tool.ofJdk("keytool", Map.of(), arguments);
    assertEquals(0, keytool.status(), keytool.output());
  }

  private static List<String> arguments(Path out, Path keystore, String... alias) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "shallows.apk.Main",
                BuiltApk.TEMPLATE.toString(),
                bundle.toString(),
                out.toString(),
                // Twice is once.
                "arm64-v8a,arm64-v8a",
                keystore.toString()));
    arguments.addAll(List.of(alias));
    return arguments;
  }

  private static Tool packager(
      Map<String, String> environment, Path out, Path keystore, String... alias)
      throws IOException, InterruptedException {
    return Tool.ofJdk("java", environment, arguments(out, keystore, alias));
  }

  private static Map<String, String> password(String given) {
    return Map.of(Main.PASSWORD, given);
  }

  @Test
  void aReleaseIsSignedWithTheKeyOfItsKeyStore() throws Exception {
    Path out = folder.resolve("release.apk");
    Tool packager = packager(password(SECRET), out, keystore);
    ApkVerifier.Result result = new ApkVerifier.Builder(out.toFile()).build().verify();

    assertEquals(new Tool(0, ""), packager);
    assertTrue(result.isVerified(), result.getAllErrors().toString());
    assertTrue(result.isVerifiedUsingV2Scheme() && result.isVerifiedUsingV3Scheme());
    assertEquals(
        "CN=Release of mine",
        result.getSignerCertificates().get(0).getSubjectX500Principal().getName());
  }

  @Test
  void theSameReleaseKeyGivesTheSameBytes() throws Exception {
    Path first = folder.resolve("first.apk");
    Path second = folder.resolve("second.apk");
    packager(password(SECRET), first, keystore, "mine");
    packager(password(SECRET), second, keystore, "mine");

    assertEquals(-1, Files.mismatch(first, second));
  }

  @Test
  void thePasswordIsAskedForOnATerminal() throws Exception {
    Path script = Path.of("/usr/bin/script");
    assumeTrue(Files.isExecutable(script), "script, which gives a terminal, is not installed");
    Path out = folder.resolve("asked.apk");
    List<String> command = new ArrayList<>(List.of(Tool.jdk("java")));
    command.addAll(arguments(out, keystore));
    String line = String.join("' '", command);
    Tool asked =
        Tool.of(
            List.of(script.toString(), "-qec", "'" + line + "'", "/dev/null"),
            Map.of(),
            SECRET + "\n");

    assertEquals(0, asked.status(), asked.output());
    assertTrue(asked.output().contains("Password of " + keystore), asked.output());
    assertTrue(new ApkVerifier.Builder(out.toFile()).build().verify().isVerified());
  }

  @Test
  void aWrongPasswordIsSaid() throws Exception {
    assertRefused(password("wrong horse"), keystore, "expected the password that opens it");
  }

  @Test
  void aMissingAliasIsSaidWithThoseThatThereAre() throws Exception {
    assertRefused(password(SECRET), keystore, "expected a key 'yours', found [mine]", "yours");
  }

  @Test
  void severalKeysNeedAnAlias() throws Exception {
    Path two = folder.resolve("two.p12");
    keytool(two, "PKCS12", "first", "RSA", SECRET);
    keytool(two, "PKCS12", "second", "EC", SECRET);

    assertRefused(password(SECRET), two, "expected one key, found [");
    assertEquals(
        new Tool(0, ""), packager(password(SECRET), folder.resolve("ec.apk"), two, "second"));
  }

  @Test
  void aDamagedKeyStoreIsSaid() throws Exception {
    byte[] bytes = Files.readAllBytes(keystore);
    Path damaged =
        Files.write(
            folder.resolve("damaged.p12"), java.util.Arrays.copyOf(bytes, bytes.length / 2));

    assertRefused(password(SECRET), damaged, "found a damaged one");
    assertRefused(
        password(SECRET), Files.write(folder.resolve("empty.p12"), new byte[0]), "damaged one");
    assertRefused(password(SECRET), folder.resolve("absent.p12"), "found no such file");
  }

  @Test
  void aKeyMayHaveAPasswordOfItsOwn() throws Exception {
    Path jks = folder.resolve("old.jks");
    keytool(jks, "JKS", "mine", "RSA", "another horse");
    Map<String, String> both = Map.of(Main.PASSWORD, SECRET, Main.KEY_PASSWORD, "another horse");

    assertRefused(password(SECRET), jks, "expected the password of the key 'mine'");
    assertEquals(new Tool(0, ""), packager(both, folder.resolve("jks.apk"), jks));
  }

  @Test
  void aKeyThatAndroidDoesNotKnowIsSaid() throws Exception {
    Path edwards = folder.resolve("edwards.p12");
    keytool(edwards, "PKCS12", "mine", "Ed25519", SECRET);

    assertRefused(password(SECRET), edwards, "expected a key of [RSA, EC], found 'mine' of EdDSA");
  }

  /** One line, status 2, and no APK. */
  private static void assertRefused(
      Map<String, String> environment, Path keystore, String message, String... alias)
      throws Exception {
    Path out = folder.resolve("refused.apk");
    Tool packager = packager(environment, out, keystore, alias);

    assertEquals(2, packager.status(), packager.output());
    assertEquals(1, packager.output().lines().count(), packager.output());
    assertTrue(packager.output().startsWith("shallows: " + keystore + ": "), packager.output());
    assertTrue(packager.output().contains(message), packager.output());
    assertFalse(Files.exists(out));
  }
}
