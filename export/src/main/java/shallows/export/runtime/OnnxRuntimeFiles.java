package shallows.export.runtime;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;
import shallows.model.file.CacheFolder;

/**
 * The libraries of ONNX Runtime, unpacked once for all processes of a user. Left to itself, it
 * unpacks 28 MB in each, and leaves them where the process is killed.
 */
final class OnnxRuntimeFiles {
  private static final String CORE = "onnxruntime";
  private static final String FOR_JAVA = "onnxruntime4j_jni";

  /** What ONNX Runtime loads beside them, where there are such. */
  private static final List<String> OTHERS =
      List.of("onnxruntime_providers_shared", "webgpu_dawn", "dxil", "dxcompiler");

  private static final String OF_A_GPU = "onnxruntime_providers_cuda";

  private OnnxRuntimeFiles() {}

  /**
   * The folder in the cache, filled where it is not yet; empty where it cannot be written, or there
   * are no libraries for this system.
   */
  static Optional<Path> unpacked() {
    return resource(CORE).isEmpty() || resource(FOR_JAVA).isEmpty()
        ? Optional.empty()
        : in(CacheFolder.ofProcess());
  }

  static Optional<Path> in(Path cache) {
    Path folder = cache.resolve("onnxruntime-" + version() + "-" + platform());
    try {
      for (String name : List.of(CORE, FOR_JAVA)) {
        unpack(resource(name).orElseThrow(), folder.resolve(System.mapLibraryName(name)));
      }
      for (String name : OTHERS) {
        if (resource(name).isPresent()) {
          unpack(resource(name).get(), folder.resolve(System.mapLibraryName(name)));
        }
      }
      return Optional.of(folder);
    } catch (IOException | BadInputException e) {
      // A home that cannot be written; then ONNX Runtime unpacks into the temporary folder.
      return Optional.empty();
    }
  }

  /** Whether the class path has libraries that ONNX Runtime unpacks when they are asked for. */
  static boolean mayUnpackMore() {
    return resource(OF_A_GPU).isPresent();
  }

  /** Several processes may do so at once: each puts the same whole file there. */
  private static void unpack(URL library, Path file) throws IOException {
    URLConnection connection = library.openConnection();
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      // The length tells a file that a power cut has left short.
      if (Files.isRegularFile(file) && Files.size(file) == connection.getContentLengthLong()) {
        return;
      }
      deleteUnfinished(file.getParent());
      AtomicFile.write(file, in::transferTo);
    }
  }

  /** What processes that were killed meanwhile have left. */
  private static void deleteUnfinished(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, ".*.part")) {
      for (Path part : parts) {
        String[] words = part.getFileName().toString().split("\\.");
        String process = words[words.length - 2];
        if (process.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(process)).isEmpty()) {
          Files.deleteIfExists(part);
        }
      }
    }
  }

  private static Optional<URL> resource(String library) {
    return Optional.ofNullable(
        OrtEnvironment.class.getResource(
            "/ai/onnxruntime/native/" + platform() + "/" + System.mapLibraryName(library)));
  }

  /** As ONNX Runtime names it. */
  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String name = system.startsWith("mac") ? "osx" : system.startsWith("win") ? "win" : "linux";
    String processor = System.getProperty("os.arch");
    return name + "-" + (processor.matches("amd64|x86_64") ? "x64" : processor);
  }

  private static String version() {
    return String.valueOf(OrtEnvironment.class.getPackage().getImplementationVersion());
  }
}
