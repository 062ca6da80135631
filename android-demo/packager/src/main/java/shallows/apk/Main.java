package shallows.apk;

import java.io.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import shallows.model.BadInputException;
import shallows.model.Setting;

/**
 * What {@code ./shallows apk} starts, in a JVM of its own: the libraries that sign are not on the
 * class path of everything else.
 */
public final class Main {
  /** Where the password of a key store is looked for before it is asked for. */
  static final String PASSWORD = "SHALLOWS_KEYSTORE_PASSWORD";

  /** Of the key itself, where a JKS file gives it another. */
  static final String KEY_PASSWORD = "SHALLOWS_KEY_PASSWORD";

  private static final int BAD = 2;

  private Main() {}

  /**
   * @param args the template, the bundle's folder, the APK to write, the ABIs with commas between,
   *     and for a release the key store and the key's alias
   */
  public static void main(String[] args) {
    // Where ./shallows is killed, nobody is left who wants the APK, or holds the lock of the run.
    ProcessHandle.current()
        .parent()
        .ifPresent(parent -> parent.onExit().thenRun(() -> Runtime.getRuntime().halt(BAD)));
    try {
      run(args);
    } catch (BadInputException e) {
      System.err.println("shallows: " + e.failure().words(Main::option));
      System.exit(BAD);
    } catch (RuntimeException e) {
      // Else Java would end with 1, which says that a file failed its check.
      e.printStackTrace();
      System.exit(BAD);
    }
  }

  private static void run(String[] args) {
    if (args.length < 4) {
      throw new IllegalArgumentException("expected TEMPLATE BUNDLE OUT ABIS [KEYSTORE [ALIAS]]");
    }
    // The bundle first: nobody types a password for a run that is not ready.
    Bundle bundle = Bundle.read(Path.of(args[1]));
    SigningKey key =
        args.length == 4
            ? SigningKey.debug(Path.of(System.getProperty("user.home"), ".shallows", "debug.p12"))
            : release(args[4], args.length > 5 ? args[5] : null);
    Set<String> abis = Set.copyOf(List.of(args[3].split(",")));
    Apk.write(Path.of(args[0]), bundle, abis, key, Path.of(args[2]));
  }

  private static SigningKey release(String keystore, String alias) {
    Path file = Path.of(keystore);
    SigningKey.requireFile(file);
    String ofKey = System.getenv(KEY_PASSWORD);
    return SigningKey.read(
        file, alias, password(keystore), ofKey == null ? null : ofKey.toCharArray());
  }

  private static char[] password(String keystore) {
    String given = System.getenv(PASSWORD);
    if (given != null) {
      return given.toCharArray();
    }
    Console console = System.console();
    char[] typed = console == null ? null : console.readPassword("Password of %s: ", keystore);
    if (typed == null) {
      throw new BadInputException(
          keystore
              + ": expected its password, found no terminal to ask on; set "
              + PASSWORD
              + " in the environment");
    }
    return typed;
  }

  /** What a command line calls a setting. */
  private static String option(Setting setting) {
    return "--" + setting.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
