package shallows.export.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.AtomicFile;
import shallows.model.file.IoReason;
import shallows.model.file.PlainFile;
import shallows.model.file.Sha256;

/**
 * ONNX Runtime Web, in the one version that pages are made with: WebAssembly alone, of the several
 * builds that its package holds.
 *
 * @param files content by name
 */
public record WebRuntime(SortedMap<String, byte[]> files) {
  public static final String VERSION = "1.22.0";
  private static final String PACKAGE = "onnxruntime-web";
  private static final String NAME = PACKAGE + " " + VERSION;

  /**
   * SHA-256 by name: as the package has them whose checksum stands in {@code package-lock.json}.
   */
  private static final Map<String, String> SUMS =
      Map.of(
          "ort.wasm.min.mjs",
          "6ef726f355b791129f7ddf3f62e7877a16b9b777abe87004b8ab306e6b9cf265",
          "ort-wasm-simd-threaded.mjs",
          "30dd851d9c00622940500f71ddd2ff8820c5cb65270816080175b958705385a8",
          "ort-wasm-simd-threaded.wasm",
          "71aef04959c5c1b6de461b6538e2058e306610034a85aad2742d0c7fd4533fe4");

  /**
   * Of a package that somebody unpacked.
   *
   * @param folder the one with its {@code package.json}
   * @throws BadInputException when it is another version, or its files are others
   */
  public static WebRuntime ofPackage(Path folder) {
    Path files = folder.resolve("dist");
    SortedMap<String, byte[]> content = new TreeMap<>();
    for (String name : SUMS.keySet()) {
      Path file = files.resolve(name);
      try {
        content.put(name, PlainFile.bytes(file));
      } catch (IOException e) {
        throw new BadInputException(
            file, "a file of " + NAME, "none that can be read (" + IoReason.of(e) + ")", way(), e);
      }
      if (!isRight(name, content.get(name))) {
        throw new BadInputException(file, "that of " + NAME, "another", way());
      }
    }
    return new WebRuntime(content);
  }

  private static Phrase way() {
    return Phrase.of("name the unpacked package of that version with %s", Setting.RUNTIME);
  }

  /**
   * As it was kept, else fetched by npm, and kept for the next page.
   *
   * @param cache of the user
   * @param npm the program
   * @throws BadInputException when there is no npm, or it does not get the package
   */
  public static WebRuntime ofCache(Path cache, String npm) {
    Path folder = cache.resolve(PACKAGE + "-" + VERSION);
    return kept(folder).orElseGet(() -> fetched(cache, folder, npm));
  }

  private static Optional<WebRuntime> kept(Path folder) {
    SortedMap<String, byte[]> content = new TreeMap<>();
    for (String name : SUMS.keySet()) {
      try {
        byte[] bytes = PlainFile.bytes(folder.resolve(name));
        if (!isRight(name, bytes)) {
          return Optional.empty();
        }
        content.put(name, bytes);
      } catch (IOException e) {
        return Optional.empty();
      }
    }
    return Optional.of(new WebRuntime(content));
  }

  private static boolean isRight(String name, byte[] content) {
    return Sha256.of(content).equals(SUMS.get(name));
  }

  private static WebRuntime fetched(Path cache, Path folder, String npm) {
    Path work;
    try {
      Files.createDirectories(cache);
      work = Files.createTempDirectory(cache, PACKAGE);
    } catch (IOException e) {
      throw BadInputException.of(
          cache,
          "cannot be written (" + IoReason.of(e) + ")",
          Phrase.of("make it writable, or set XDG_CACHE_HOME to another folder"),
          e);
    }
    try {
      for (String description : new String[] {"package.json", "package-lock.json"}) {
        byte[] content = resource("runtime/" + description);
        AtomicFile.write(work.resolve(description), out -> out.write(content));
      }
      NodePackages.install(npm, work, NAME);
      WebRuntime runtime = ofPackage(work.resolve("node_modules").resolve(PACKAGE));
      runtime.files.forEach(
          (name, content) -> AtomicFile.write(folder.resolve(name), out -> out.write(content)));
      return runtime;
    } finally {
      NodePackages.remove(work);
    }
  }

  /** What lies beside this class. */
  static byte[] resource(String name) {
    return resource(WebRuntime.class.getResourceAsStream(name), name);
  }

  static byte[] resource(InputStream found, String name) {
    try (InputStream in = found) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
