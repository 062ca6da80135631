package shallows.export.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.Arrays;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.ConcatenationOptions;
import org.tensorflow.lite.schema.ReshapeOptions;
import org.tensorflow.lite.schema.SliceOptions;
import org.tensorflow.lite.schema.TransposeOptions;
import shallows.model.graph.Shape;

/** Operators that move numbers, above all channels, and compute nothing. */
final class Channels {
  private final TfliteFile file;
  private final FlatBufferBuilder builder;

  Channels(TfliteFile file) {
    this.file = file;
    this.builder = file.builder();
  }

  /** Along the last axis. */
  void concatenate(int[] sources, int target, int rank) {
    int options =
        ConcatenationOptions.createConcatenationOptions(
            builder, rank - 1, ActivationFunctionType.NONE);
    byte type = BuiltinOptions.ConcatenationOptions;
    file.operator(BuiltinOperator.CONCATENATION, 1, sources, target, type, options);
  }

  /**
   * Some of the last axis.
   *
   * @param rank with the batch axis
   */
  void slice(String name, int source, int target, int rank, int from, int to) {
    int[] begin = new int[rank];
    int[] size = new int[rank];
    begin[rank - 1] = from;
    Arrays.fill(size, -1);
    size[rank - 1] = to - from;
    int[] inputs = {
      source,
      file.constant(name + "/begin", new int[] {rank}, begin),
      file.constant(name + "/size", new int[] {rank}, size)
    };
    SliceOptions.startSliceOptions(builder);
    int options = SliceOptions.endSliceOptions(builder);
    file.operator(BuiltinOperator.SLICE, 1, inputs, target, BuiltinOptions.SliceOptions, options);
  }

  /** {@code (H·W, g, C/g)} to {@code (H·W, C/g, g)}, as runtimes turn few axes faster. */
  void shuffle(String name, int source, int target, Shape image, int groups) {
    int channels = image.dimension(0);
    int perGroup = channels / groups;
    int positions = image.dimension(1) * image.dimension(2);
    int grouped =
        file.valueLike(source, name + "/grouped", new int[] {positions, groups, perGroup});
    reshape(name + "/grouped", source, grouped, -1, groups, perGroup);
    int swapped =
        file.valueLike(source, name + "/swapped", new int[] {positions, perGroup, groups});
    transpose(name + "/swapped", grouped, swapped, 0, 2, 1);
    reshape(
        name + "/merged", swapped, target, -1, image.dimension(1), image.dimension(2), channels);
  }

  void transpose(String name, int source, int target, int... order) {
    int axes = file.constant(name + "/order", new int[] {order.length}, order);
    TransposeOptions.startTransposeOptions(builder);
    int options = TransposeOptions.endTransposeOptions(builder);
    int[] inputs = {source, axes};
    byte type = BuiltinOptions.TransposeOptions;
    file.operator(BuiltinOperator.TRANSPOSE, 1, inputs, target, type, options);
  }

  /**
   * @param shape with −1 for the batch
   */
  void reshape(String name, int source, int target, int... shape) {
    int constant = file.constant(name + "/shape", new int[] {shape.length}, shape);
    int options =
        ReshapeOptions.createReshapeOptions(
            builder, ReshapeOptions.createNewShapeVector(builder, shape));
    int[] inputs = {source, constant};
    byte type = BuiltinOptions.ReshapeOptions;
    file.operator(BuiltinOperator.RESHAPE, 1, inputs, target, type, options);
  }
}
