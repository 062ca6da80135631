package shallows.export.inspect;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntUnaryOperator;
import org.tensorflow.lite.schema.Buffer;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.Operator;
import org.tensorflow.lite.schema.OperatorCode;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.Tensor;
import org.tensorflow.lite.schema.TensorType;
import shallows.model.BadInputException;

/**
 * What TFLite's own verifier does not look at: it follows offsets, but believes in numbers. A
 * flipped bit in an amount of padding makes the runtime ask for gigabytes. So the sizes of
 * constants are compared with their shapes, the memory that all values need is bounded, and the
 * shape that each operator we know computes is compared with the shape that the file declares for
 * it; likewise the number of scales and the types that it takes.
 */
public final class TfliteInspection {
  private static final String EXPECTED = "a TFLite model";

  /** Of all values together; the networks here need some megabytes. */
  private static final long MOST_BYTES = 1L << 30;

  private final String where;
  private final Model model;
  private final SubGraph graph;
  private final TfliteQuantization quantization;

  private TfliteInspection(Model model, String where) {
    this.where = where;
    this.model = model;
    if (model.subgraphsLength() != 1) {
      throw refused(model.subgraphsLength() + " subgraphs");
    }
    this.graph = model.subgraphs(0);
    this.quantization = new TfliteQuantization(graph);
  }

  /**
   * @param content a whole file, whose offsets were verified
   * @throws BadInputException naming {@code where} and what does not fit
   */
  public static void check(ByteBuffer content, String where) {
    ByteBuffer buffer = content.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    try {
      TfliteInspection inspection = new TfliteInspection(Model.getRootAsModel(buffer), where);
      inspection.checkTensors();
      inspection.checkOperators();
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw Refusal.of(where, EXPECTED, "indices or sizes out of bounds", e);
    }
  }

  private void checkTensors() {
    long bytes = 0;
    for (int i = 0; i < graph.tensorsLength(); i++) {
      Tensor tensor = graph.tensors(i);
      long size = elementBytes(tensor.type());
      for (int dimension : shape(i)) {
        if (dimension < 1) {
          throw refused("tensor " + i + " of shape " + Arrays.toString(shape(i)));
        }
        size = Math.multiplyExact(size, dimension);
      }
      int stored = buffer(tensor).dataLength();
      if (stored > 0 && stored != size) {
        throw refused("tensor " + i + " of " + size + " bytes with " + stored + " in its buffer");
      }
      String fault = quantization.fault(i);
      if (fault != null) {
        throw refused("tensor " + i + " with " + fault);
      }
      bytes = Math.addExact(bytes, size);
      if (bytes > MOST_BYTES) {
        throw refused("tensors of more than " + (MOST_BYTES >> 20) + " MB");
      }
    }
    requireTensors(graph.inputsLength(), graph::inputs, 0);
    requireTensors(graph.outputsLength(), graph::outputs, 0);
  }

  private void checkOperators() {
    TfliteShapes shapes = new TfliteShapes(this::shape, this::integers);
    BitSet known = given();
    for (int i = 0; i < graph.operatorsLength(); i++) {
      Operator operator = graph.operators(i);
      // An optional input that is left out has index -1.
      requireTensors(operator.inputsLength(), operator::inputs, -1);
      requireTensors(operator.outputsLength(), operator::outputs, 0);
      if (operator.inputsLength() == 0 || operator.inputs(0) < 0 || operator.outputsLength() == 0) {
        throw refused("operator " + i + " without an input or an output");
      }
      compute(i, operator, known);
      int code = code(operator);
      String fault = quantization.fault(code, operator);
      if (fault != null) {
        throw refused("operator " + i + " with " + fault);
      }
      int[] computed = shapes.computed(code, operator);
      if (computed != null && !Arrays.equals(computed, shape(operator.outputs(0)))) {
        throw refused(
            "operator "
                + i
                + " that computes "
                + Arrays.toString(computed)
                + " and declares "
                + Arrays.toString(shape(operator.outputs(0))));
      }
    }
    for (int i = 0; i < graph.outputsLength(); i++) {
      if (!known.get(graph.outputs(i))) {
        throw refused("an output, tensor " + graph.outputs(i) + ", that nothing computes");
      }
    }
  }

  /** The tensors that are there before anything is computed. */
  private BitSet given() {
    BitSet given = new BitSet();
    for (int i = 0; i < graph.inputsLength(); i++) {
      given.set(graph.inputs(i));
    }
    for (int i = 0; i < graph.tensorsLength(); i++) {
      if (graph.tensors(i).isVariable() || buffer(graph.tensors(i)).dataLength() > 0) {
        given.set(i);
      }
    }
    return given;
  }

  /**
   * Each tensor is computed once, and before it is read: TFLite, which believes in that, reads
   * outside of its memory where a tensor is somebody's output twice.
   *
   * @param known what is computed so far; gets what this operator computes
   */
  private void compute(int index, Operator operator, BitSet known) {
    for (int i = 0; i < operator.inputsLength(); i++) {
      int input = operator.inputs(i);
      if (input >= 0 && !known.get(input)) {
        throw refused(
            "operator " + index + " that reads tensor " + input + " before it is computed");
      }
    }
    for (int i = 0; i < operator.outputsLength(); i++) {
      int output = operator.outputs(i);
      if (known.get(output)) {
        throw refused("operator " + index + " that computes tensor " + output + " once more");
      }
      known.set(output);
    }
  }

  private int code(Operator operator) {
    long index = operator.opcodeIndex();
    if (index >= model.operatorCodesLength()) {
      throw refused("operator code " + index + " of " + model.operatorCodesLength());
    }
    OperatorCode code = model.operatorCodes((int) index);
    return Math.max(code.deprecatedBuiltinCode(), code.builtinCode());
  }

  private void requireTensors(int count, IntUnaryOperator indices, int lowest) {
    for (int i = 0; i < count; i++) {
      int index = indices.applyAsInt(i);
      if (index < lowest || index >= graph.tensorsLength()) {
        throw refused("tensor index " + index + " of " + graph.tensorsLength());
      }
    }
  }

  private int[] shape(int tensor) {
    Tensor described = graph.tensors(tensor);
    int[] shape = new int[described.shapeLength()];
    Arrays.setAll(shape, described::shape);
    return shape;
  }

  /** The integers of a constant. */
  private int[] integers(int tensor) {
    Tensor described = graph.tensors(tensor);
    if (described.type() != TensorType.INT32 || buffer(described).dataLength() == 0) {
      throw refused("tensor " + tensor + " that is no constant of integers");
    }
    ByteBuffer data = buffer(described).dataAsByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    int[] values = new int[data.remaining() / Integer.BYTES];
    data.asIntBuffer().get(values);
    return values;
  }

  private Buffer buffer(Tensor tensor) {
    if (tensor.buffer() >= model.buffersLength()) {
      throw refused("buffer " + tensor.buffer() + " of " + model.buffersLength());
    }
    return model.buffers((int) tensor.buffer());
  }

  private int elementBytes(byte type) {
    return switch (type) {
      case TensorType.FLOAT32, TensorType.INT32 -> 4;
      case TensorType.FLOAT16, TensorType.INT16 -> 2;
      case TensorType.INT8, TensorType.UINT8, TensorType.BOOL -> 1;
      case TensorType.INT64 -> 8;
      default -> throw refused("a tensor of type " + type);
    };
  }

  private BadInputException refused(String found) {
    return Refusal.of(where, EXPECTED, found);
  }
}
