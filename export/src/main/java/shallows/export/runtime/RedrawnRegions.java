package shallows.export.runtime;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.Tensor;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.model.BadInputException;
import shallows.model.graph.PoolingRegions;
import shallows.model.onnx.OnnxTensors;

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
            (onnx ? onnx(model, seed) : tflite(model, seed)).orElseThrow(() -> missing(file));
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

  /** The ONNX file with the regions of a seed; empty where it has none that are drawn. */
  static Optional<byte[]> onnx(byte[] model, long seed) {
    try {
      ModelProto.Builder file = ModelProto.parseFrom(model).toBuilder();
      GraphProto.Builder graph = file.getGraphBuilder();
      boolean drawn = false;
      for (int i = 0; i < graph.getInitializerCount(); i++) {
        TensorProto constant = graph.getInitializer(i);
        String name = constant.getName();
        if (PoolingRegions.ofConstant(name) != PoolingRegions.FIXED && isVector(constant)) {
          Optional<List<Integer>> ends = PoolingRegions.redrawn(name, integers(constant), seed);
          if (ends.isPresent()) {
            long[] values = ends.get().stream().mapToLong(Integer::longValue).toArray();
            graph.setInitializer(i, OnnxTensors.integers(name, values));
            drawn = true;
          }
        }
      }
      return drawn ? Optional.of(file.build().toByteArray()) : Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a model that a runtime has read does not parse", e);
    }
  }

  private static boolean isVector(TensorProto constant) {
    return constant.getDataType() == TensorProto.DataType.INT64_VALUE
        && constant.getDimsCount() == 1
        && !constant.hasDataLocation();
  }

  private static List<Integer> integers(TensorProto constant) {
    LongBuffer raw =
        constant.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    LongStream values =
        constant.hasRawData()
            ? LongStream.generate(raw::get).limit(raw.remaining())
            : constant.getInt64DataList().stream().mapToLong(Long::longValue);
    return values.mapToObj(value -> (int) value).toList();
  }

  /** As {@link #onnx}, in place: regions of as many rows take as many bytes. */
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
