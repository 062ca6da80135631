package shallows.export.unpack;

/** The numbers of fields in the tables of TFLite's schema, version 3, as far as they are used. */
final class Schema {
  static final int VERSION = 0;
  static final int CODES = 1;
  static final int SUBGRAPHS = 2;
  static final int BUFFERS = 4;
  static final int MODEL_FIELDS = 8;

  static final int TENSORS = 0;
  static final int OUTPUTS = 2;
  static final int OPERATORS = 3;
  static final int DEBUG_METADATA = 5;
  static final int SUBGRAPH_FIELDS = 6;

  static final int SHAPE = 0;
  static final int TYPE = 1;
  static final int BUFFER = 2;
  static final int NAME = 3;
  static final int QUANTIZATION = 4;
  static final int TENSOR_FIELDS = 5;
  static final int HAS_RANK = 8;

  static final int DATA = 0;
  static final int DATA_ELSEWHERE = 1;

  static final int CODE = 0;
  static final int OPERATOR_INPUTS = 1;
  static final int OPERATOR_OUTPUTS = 2;
  static final int OPTIONS = 4;
  static final int OPTIONS_ELSEWHERE = 9;

  static final int OLD_CODE = 0;
  static final int NEW_CODE = 3;

  private Schema() {}
}
