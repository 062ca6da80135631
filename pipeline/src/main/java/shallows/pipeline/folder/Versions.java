package shallows.pipeline.folder;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** The versions of what takes part, as the build wrote them down. */
public final class Versions {
  private static final String FILE = "/shallows/pipeline/versions.properties";

  private Versions() {}

  /** Our own version, for example {@code "0.1.0"}. */
  public static String shallows() {
    return read().getProperty("shallows");
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
