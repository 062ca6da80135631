package shallows.export.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.ConcatenationOptions;
import org.tensorflow.lite.schema.GatherOptions;
import org.tensorflow.lite.schema.ReshapeOptions;
import org.tensorflow.lite.schema.SliceOptions;
import org.tensorflow.lite.schema.TransposeOptions;
import shallows.model.graph.Operation;
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
   * A part along some axes.
   *
   * @param size of it, −1 for what is behind its begin
   */
  void slice(String name, int source, int target, int[] begin, int[] size) {
    int[] inputs = {
      source,
      file.constant(name + "/begin", new int[] {begin.length}, begin),
      file.constant(name + "/size", new int[] {size.length}, size)
    };
    SliceOptions.startSliceOptions(builder);
    int options = SliceOptions.endSliceOptions(builder);
    file.operator(BuiltinOperator.SLICE, 1, inputs, target, BuiltinOptions.SliceOptions, options);
  }

  /**
   * Chosen positions along one axis. Version 2 knows bytes too.
   *
   * @param name of the constant
   */
  void gather(String name, int source, int target, int axis, List<Integer> chosen) {
    int[] indices = chosen.stream().mapToInt(Integer::intValue).toArray();
    int[] inputs = {source, file.constant(name, new int[] {indices.length}, indices)};
    int options = GatherOptions.createGatherOptions(builder, axis, 0);
    file.operator(BuiltinOperator.GATHER, 2, inputs, target, BuiltinOptions.GatherOptions, options);
  }

  /**
   * @param from the shape of what is rearranged
   */
  void rearrange(String name, int source, int target, Shape from, Operation.Rearrange rearrange) {
    Rearrangement last = Rearrangement.of(rearrange, from);
    if (last != null) {
      turn(name, source, target, last.split(), last.order(), rearrange.result());
      return;
    }
    // By way of channels first, as the graph has it.
    int first = file.valueLike(source, name + "/channels_first", new int[] {1, from.size()});
    List<Integer> axes = List.of(from.dimension(1) * from.dimension(2), from.dimension(0));
    turn(name + "/channels_first", source, first, axes, List.of(1, 0), Shape.of(from.size()));
    Shape result = rearrange.result();
    int turned = file.valueLike(source, name + "/rearranged", new int[] {1, from.size()});
    List<Integer> split = rearrange.split();
    turn(name + "/rearranged", first, turned, split, rearrange.order(), Shape.of(from.size()));
    List<Integer> planes = List.of(result.dimension(0), result.size() / result.dimension(0));
    turn(name, turned, target, planes, List.of(1, 0), result);
  }

  private void turn(
      String name, int source, int target, List<Integer> split, List<Integer> order, Shape result) {
    int[] shape = Layout.ofValue(result);
    shape[0] = -1;
    if (order.equals(order.stream().sorted().toList())) {
      reshape(name, source, target, shape);
      return;
    }
    int[] before = IntStream.concat(IntStream.of(1), ints(split)).toArray();
    int axes = file.valueLike(source, name + "/split", before);
    before[0] = -1;
    reshape(name + "/split", source, axes, before);
    int[] after =
        IntStream.concat(IntStream.of(1), ints(order.stream().map(split::get).toList())).toArray();
    int turned = file.valueLike(source, name + "/turned", after);
    int[] moves = IntStream.concat(IntStream.of(0), ints(order).map(axis -> axis + 1)).toArray();
    transpose(name + "/turned", axes, turned, moves);
    reshape(name, turned, target, shape);
  }

  private static IntStream ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue);
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
