package shallows.export.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import shallows.model.graph.PoolingRegions;
import shallows.model.onnx.OnnxMessage;
import shallows.model.onnx.OnnxTensors;

/** Draws the regions of fractional pools anew in an ONNX file of any precision. */
public final class OnnxRegions {
  private OnnxRegions() {}

  /** The ONNX file with the regions of a seed; empty where it has none that are drawn. */
  public static Optional<byte[]> redrawn(byte[] model, long seed) {
    try {
      ModelProto.Builder file = OnnxMessage.of(model).toBuilder();
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
    } catch (IOException e) {
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
}
