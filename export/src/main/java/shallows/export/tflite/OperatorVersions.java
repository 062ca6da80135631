package shallows.export.tflite;

import org.tensorflow.lite.schema.BuiltinOperator;

/** The lowest version of an operator that computes with the numbers of a file. */
enum OperatorVersions {
  FLOAT {
    @Override
    int least(int operator) {
      return 1;
    }
  },
  /** As the schema's history has it: which version of an operator first took signed bytes. */
  INT8 {
    @Override
    int least(int operator) {
      return switch (operator) {
        case BuiltinOperator.FULLY_CONNECTED -> 4;
        case BuiltinOperator.CONV_2D, BuiltinOperator.DEPTHWISE_CONV_2D -> 3;
        case BuiltinOperator.ADD,
            BuiltinOperator.AVERAGE_POOL_2D,
            BuiltinOperator.CONCATENATION,
            BuiltinOperator.DEQUANTIZE,
            BuiltinOperator.GATHER,
            BuiltinOperator.GELU,
            BuiltinOperator.LOGISTIC,
            BuiltinOperator.MAX_POOL_2D,
            BuiltinOperator.MEAN,
            BuiltinOperator.MIRROR_PAD,
            BuiltinOperator.MUL,
            BuiltinOperator.PAD,
            BuiltinOperator.PADV2,
            BuiltinOperator.RELU,
            BuiltinOperator.RELU6,
            BuiltinOperator.SLICE,
            BuiltinOperator.SUB,
            BuiltinOperator.TRANSPOSE ->
            2;
        default -> 1;
      };
    }
  };

  /**
   * @param operator of {@link BuiltinOperator}
   */
  abstract int least(int operator);
}
