package shallows.pipeline.folder;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import shallows.data.LabelledImages;
import shallows.export.Exporter;
import shallows.model.graph.Graph;
import shallows.prune.Pruner;
import shallows.train.jobs.Job;

/** The versions of what takes part, as the build wrote them down. */
public final class Versions {
  private static final String FILE = "/shallows/pipeline/versions.properties";

  /** One of each jar that what comes out of a job depends on. */
  private static final List<Class<?>> OURS =
      List.of(
          Graph.class,
          LabelledImages.class,
          Job.class,
          Pruner.class,
          Exporter.class,
          Versions.class);

  /** Stays the same; hashing takes a while. */
  private static String program;

  private Versions() {}

  /** Our own version, for example {@code "0.1.0"}. */
  public static String shallows() {
    return read().getProperty("shallows");
  }

  /**
   * Version and checksum of what this process runs, for example {@code "0.1.0 (5d41402abc4b)"}; of
   * two builds it differs.
   */
  public static synchronized String program() {
    if (program == null) {
      program = shallows() + " (" + checksum() + ")";
    }
    return program;
  }

  private static String checksum() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Class<?> type : OURS) {
        Path source = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        // A folder of classes is a developer's, who has one machine.
        if (Files.isRegularFile(source)) {
          digest.update(Files.readAllBytes(source));
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (IOException | URISyntaxException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("the program's own jars cannot be read", e);
    }
  }

  /** By the name to show, in the order to show them. */
  public static Map<String, String> libraries() {
    Properties properties = read();
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("Shallows", properties.getProperty("shallows"));
    versions.put("DJL", properties.getProperty("djl"));
    versions.put("PyTorch", properties.getProperty("pytorch"));
    versions.put("ONNX Runtime", properties.getProperty("onnxruntime"));
    versions.put("TensorFlow Lite", properties.getProperty("tflite"));
    return versions;
  }

  private static Properties read() {
    Properties properties = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream(FILE)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(FILE + " cannot be read", e);
    }
    return properties;
  }
}
