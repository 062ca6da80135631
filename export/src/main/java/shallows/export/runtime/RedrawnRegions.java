package shallows.export.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.Tensor;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.export.onnx.OnnxRegions;
import shallows.model.BadInputException;
import shallows.model.graph.PoolingRegions;

/**
 * Files with fractional max-pooling, with other regions than they came with. Rows and columns of
 * regions are constants whose names say how they are drawn ({@link PoolingRegions#prefix}), in
 * files of both formats and every precision; all else stays as it is.
 */
public final class RedrawnRegions {
  private RedrawnRegions() {}

  /**
   * A classifier that takes the mean of the probabilities of the file over draws of its regions.
   * Closing it closes what it opened.
   *
   * @param threads as of {@link RuntimeClassifier#open}
   * @throws BadInputException when the file has no regions that are drawn
   */
  public static Classifier mean(Path file, int draws, int threads) {
    boolean onnx = ModelFile.isOnnx(file);
    byte[] model = ModelFile.read(file);
    List<Classifier> opened = new ArrayList<>();
    try {
      for (int seed = 1; seed <= draws; seed++) {
        byte[] drawn =
            (onnx ? OnnxRegions.redrawn(model, seed) : tflite(model, seed))
                .orElseThrow(() -> missing(file));
        String where = file + " with other regions";
        opened.add(
            onnx
                ? OnnxRuntimeClassifier.open(drawn, where, threads)
                : TfliteClassifier.open(drawn, where, RuntimeClassifier.TFLITE_THREADS));
      }
      return TestTimeAugmentation.mean(opened);
    } catch (RuntimeException e) {
      opened.forEach(Classifier::close);
      throw e;
    }
  }

  /**
   * @param where a file or network without such regions
   */
  public static BadInputException missing(Object where) {
    return new BadInputException(
        where,
        "a network of fractional max-pooling, whose regions are drawn",
        "one without",
        "ask about copies of the image instead, flip or crops:5");
  }

  /**
   * The TFLite file with the regions of a seed, in place, as regions of as many rows take as many
   * bytes; empty where it has none that are drawn.
   */
  static Optional<byte[]> tflite(byte[] model, long seed) {
    byte[] copy = model.clone();
    ByteBuffer bytes = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
    Model file = Model.getRootAsModel(bytes);
    SubGraph graph = file.subgraphs(0);
    boolean drawn = false;
    for (int i = 0; i < graph.tensorsLength(); i++) {
      Tensor tensor = graph.tensors(i);
      String name = tensor.name();
      if (name == null || PoolingRegions.ofConstant(name) == PoolingRegions.FIXED) {
        continue;
      }
      ByteBuffer data = file.buffers((int) tensor.buffer()).dataAsByteBuffer();
      if (data == null) {
        continue;
      }
      IntBuffer values = data.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
      List<Integer> before = new ArrayList<>();
      for (int k = 0; k < values.limit(); k++) {
        before.add(values.get(k));
      }
      Optional<List<Integer>> ends = PoolingRegions.redrawn(name, before, seed);
      if (ends.isPresent()) {
        for (int k = 0; k < values.limit(); k++) {
          values.put(k, ends.get().get(k));
        }
        drawn = true;
      }
    }
    return drawn ? Optional.of(copy) : Optional.empty();
  }
}
