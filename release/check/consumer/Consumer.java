import java.nio.file.Files;
import java.nio.file.Path;
import shallows.export.convert.Agreement;
import shallows.export.convert.Conversion;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;

/** Writes a TFLite file and runs it, with no class of DJL or PyTorch to be had. */
final class Consumer {
  private Consumer() {}

  public static void main(String[] arguments) throws Exception {
    String classPath = System.getProperty("java.class.path");
    require(!classPath.contains("djl") && !classPath.contains("torch"), classPath);
    Path file = Files.createTempFile("network", ".onnx");
    try {
      Graph graph = Networks.create("resnet-8-s2", Shape.of(1, 8, 8), Task.unnamed(3, 1), 1);
      OnnxWriter.write(graph, file);
      Conversion conversion = Conversion.of(file, 1, 1);
      byte[] tflite = conversion.tflite();
      Agreement agreement = conversion.ofTflite(tflite, 1);
      require(agreement.holds(), agreement.toString());
      System.out.println(tflite.length + " bytes of TFLite by shallows-export alone");
    } finally {
      Files.delete(file);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      System.err.println(otherwise);
      System.exit(1);
    }
  }
}
