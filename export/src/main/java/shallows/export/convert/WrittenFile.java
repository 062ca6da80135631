package shallows.export.convert;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import shallows.export.ExportFormat;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.verify.FileInside;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.onnx.write.OnnxWriter;

/** A file that was written, on the disk or in memory, under whatever name. */
public final class WrittenFile {
  private final ExportFormat format;

  /** Null where it is in memory. */
  private final Path file;

  /** Null where it is on the disk. */
  private final byte[] content;

  private WrittenFile(ExportFormat format, Path file, byte[] content) {
    this.format = format;
    this.file = file;
    this.content = content;
  }

  /** One on the disk, which takes no memory beside that of the runtime that runs it. */
  public static WrittenFile of(Path file, ExportFormat format) {
    return new WrittenFile(format, file, null);
  }

  /** One in memory. */
  public static WrittenFile of(byte[] content, ExportFormat format) {
    return new WrittenFile(format, null, content);
  }

  /** What is to be known of a network as an ONNX file, which is gone then. */
  static <T> T onDisk(Graph graph, Function<WrittenFile, T> use) {
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      Path file = folder.file("network.onnx", path -> OnnxWriter.write(graph, path));
      return use.apply(of(file, ExportFormat.ONNX));
    }
  }

  /** In its runtime, for a few images. */
  RuntimeClassifier open(int threads) {
    String where = "the " + (format == ExportFormat.TFLITE ? "TFLite" : "ONNX") + " file";
    if (format == ExportFormat.TFLITE) {
      return file == null
          ? TfliteClassifier.open(content, where, threads)
          : TfliteClassifier.open(file, where, threads);
    }
    return file == null
        ? OnnxRuntimeClassifier.open(content, where, threads)
        : OnnxRuntimeClassifier.openSmall(file, where, threads);
  }

  /**
   * All that it computes of an image.
   *
   * @param image {@code (C, H, W)}
   * @param pixels of it, {@code (1, H, W, C)}
   */
  FileInside inside(Shape image, float[] pixels) {
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      // Under a name that says what it is.
      Path named =
          folder.file(
              "file." + format,
              path -> {
                if (file == null) {
                  Files.write(path, content);
                } else {
                  Files.copy(file, path);
                }
              });
      return FileInside.of(named, image, pixels);
    }
  }
}
