package shallows.export.inspect;

import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Operator;
import org.tensorflow.lite.schema.QuantizationParameters;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.Tensor;
import org.tensorflow.lite.schema.TensorType;

/**
 * Whether the scales of a TFLite file fit their tensors. Kernels read as many of them as there are
 * outputs, whether the file holds as many or not.
 */
final class TfliteQuantization {
  /** Kernels shift integers of 32 bits to the left. */
  private static final double LARGEST_FACTOR = 1 << 15;

  /** And to the right: a weight of nothing is divided by this at most. */
  private static final double SMALLEST_FACTOR = 0x1p60;

  private final SubGraph graph;

  TfliteQuantization(SubGraph graph) {
    this.graph = graph;
  }

  /** What is wrong with the scales of a tensor, or null. */
  String fault(int index) {
    Tensor tensor = graph.tensors(index);
    QuantizationParameters scales = tensor.quantization();
    if (scales == null || (scales.scaleLength() == 0 && scales.zeroPointLength() == 0)) {
      return null;
    }
    if (scales.detailsType() != 0) {
      return "scales of a kind of their own";
    }
    int count = scales.scaleLength();
    int axis = scales.quantizedDimension();
    boolean perAxis = axis >= 0 && axis < tensor.shapeLength() && tensor.shape(axis) == count;
    if (count != scales.zeroPointLength() || !(count == 1 || perAxis)) {
      return count + " scales and " + scales.zeroPointLength() + " zero points";
    }
    for (int i = 0; i < count; i++) {
      float scale = scales.scale(i);
      if (!(scale >= Float.MIN_NORMAL) || Float.isInfinite(scale)) {
        return "a scale of " + scale;
      }
      if (scales.zeroPoint(i) < -255 || scales.zeroPoint(i) > 255) {
        return "a zero point of " + scales.zeroPoint(i);
      }
    }
    return null;
  }

  /** What is wrong with the types of an operator's tensors, or null. */
  String fault(int code, Operator operator) {
    byte in = type(operator.inputs(0));
    byte out = type(operator.outputs(0));
    switch (code) {
      case BuiltinOperator.CONV_2D,
          BuiltinOperator.DEPTHWISE_CONV_2D,
          BuiltinOperator.FULLY_CONNECTED -> {
        if (operator.inputsLength() < 2 || operator.inputs(1) < 0) {
          return "a layer without a filter";
        }
        boolean integers = in == TensorType.INT8;
        boolean floats = in == TensorType.FLOAT32;
        byte bias = integers ? TensorType.INT32 : TensorType.FLOAT32;
        int filter = operator.inputs(1);
        // Floats by integers: kernels round the floats themselves, image by image.
        boolean mixed = floats && type(filter) == TensorType.INT8;
        boolean fits =
            (integers || floats)
                && out == in
                && (type(filter) == in || mixed)
                && (operator.inputsLength() < 3
                    || operator.inputs(2) < 0
                    || type(operator.inputs(2)) == bias);
        if (!fits && knows(in, out)) {
          return "tensors of other types than such an operator takes";
        }
        int outputs =
            graph.tensors(filter).shape(code == BuiltinOperator.DEPTHWISE_CONV_2D ? 3 : 0);
        int scales = scales(filter);
        if (integers
            && !(one(operator.inputs(0))
                && one(operator.outputs(0))
                && (scales == 1 || scales == outputs))) {
          return "an operator of integers without their scales";
        }
        if (mixed && scales != 1 && scales != outputs) {
          return "a filter of integers without its scales";
        }
        for (int o = 0; integers && o < scales; o++) {
          double product = scale(operator.inputs(0), 0) * scale(filter, o);
          if (!rescales(product, scale(operator.outputs(0), 0))) {
            return "scales that are too far apart";
          }
        }
      }
      case BuiltinOperator.ADD,
          BuiltinOperator.MAX_POOL_2D,
          BuiltinOperator.AVERAGE_POOL_2D,
          BuiltinOperator.PAD,
          BuiltinOperator.PADV2,
          BuiltinOperator.RELU,
          BuiltinOperator.MEAN -> {
        if (in != out) {
          return "tensors of two types";
        }
        if (in == TensorType.INT8 && !(one(operator.inputs(0)) && one(operator.outputs(0)))) {
          return "an operator of integers without their scales";
        }
        if (code == BuiltinOperator.ADD
            && (operator.inputsLength() < 2
                || operator.inputs(1) < 0
                || type(operator.inputs(1)) != in
                || in == TensorType.INT8 && !one(operator.inputs(1)))) {
          return "two types or no scales to add";
        }
        for (int i = 0; in == TensorType.INT8 && i < 2 && i < operator.inputsLength(); i++) {
          if (operator.inputs(i) >= 0
              && one(operator.inputs(i))
              && !rescales(scale(operator.inputs(i), 0), scale(operator.outputs(0), 0))) {
            return "scales that are too far apart";
          }
        }
      }
      case BuiltinOperator.QUANTIZE, BuiltinOperator.DEQUANTIZE -> {
        boolean isEdge = code == BuiltinOperator.QUANTIZE;
        int integers = isEdge ? operator.outputs(0) : operator.inputs(0);
        // A weight may have a scale for each output; that they are as many was looked at before.
        boolean scaled = isEdge ? one(integers) : scales(integers) > 0;
        if (type(integers) != TensorType.FLOAT16 && !scaled) {
          return "an edge of integers without a scale";
        }
      }
      case BuiltinOperator.RESHAPE, BuiltinOperator.TRANSPOSE, BuiltinOperator.GATHER -> {
        if (in != out) {
          return "tensors of two types";
        }
      }
      default -> {
        return null;
      }
    }
    return null;
  }

  private static boolean knows(byte in, byte out) {
    // Others, such as 16-bit values, are the runtime's to judge.
    return isCommon(in) || isCommon(out);
  }

  private static boolean isCommon(byte type) {
    return type == TensorType.INT8 || type == TensorType.FLOAT32;
  }

  private byte type(int tensor) {
    return graph.tensors(tensor).type();
  }

  private int scales(int tensor) {
    QuantizationParameters scales = graph.tensors(tensor).quantization();
    return scales == null ? 0 : scales.scaleLength();
  }

  private double scale(int tensor, int index) {
    return graph.tensors(tensor).quantization().scale(index);
  }

  /** Whether their quotient is one that kernels multiply by; beyond it they end the process. */
  private static boolean rescales(double from, double to) {
    return from / to < LARGEST_FACTOR && to / from < SMALLEST_FACTOR;
  }

  private boolean one(int tensor) {
    return scales(tensor) == 1;
  }
}
