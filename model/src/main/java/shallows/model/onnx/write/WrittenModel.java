package shallows.model.onnx.write;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.graph.Tensor;
import shallows.model.onnx.FloatBytes;

/**
 * An ONNX model that is written without being in memory as a whole: byte for byte what protobuf
 * writes of the message with all constants in it, which has its fields in the order of their
 * numbers.
 *
 * @param model without the graph
 * @param graph without the parameters
 * @param parameters that come before the graph's own constants
 */
record WrittenModel(ModelProto model, GraphProto graph, List<Constant> parameters) {
  /** As long as a message can be. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 8;

  /**
   * A constant.
   *
   * @param head all but its numbers
   */
  record Constant(TensorProto head, Tensor values) {
    static Constant of(String name, Tensor tensor) {
      TensorProto.Builder head =
          TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
      tensor.shape().dimensions().forEach(head::addDims);
      return new Constant(head.build(), tensor);
    }

    private long bytes() {
      return values.size() * (long) Float.BYTES;
    }

    private long size() {
      return head.getSerializedSize() + delimited(TensorProto.RAW_DATA_FIELD_NUMBER, bytes());
    }

    private void writeTo(CodedOutputStream out) throws IOException {
      head.writeTo(out);
      begin(TensorProto.RAW_DATA_FIELD_NUMBER, bytes(), out);
      FloatBytes.write(
          values,
          new OutputStream() {
            @Override
            public void write(int value) throws IOException {
              out.write((byte) value);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
              out.write(bytes, from, count);
            }
          });
    }
  }

  private long graphSize() {
    long size = graph.getSerializedSize();
    for (Constant constant : parameters) {
      size += delimited(GraphProto.INITIALIZER_FIELD_NUMBER, constant.size());
    }
    return size;
  }

  /**
   * In bytes.
   *
   * @throws BadInputException when that is more than there may be
   */
  int size() {
    long size = model.getSerializedSize() + delimited(ModelProto.GRAPH_FIELD_NUMBER, graphSize());
    if (size > MOST_BYTES) {
      throw new BadInputException(
          graph.getName(),
          "a network of less than 2 GB to write as an ONNX file",
          size + " bytes",
          Phrase.of("take a smaller one"));
    }
    return (int) size;
  }

  /**
   * @throws BadInputException as {@link #size}
   */
  void writeTo(CodedOutputStream out) throws IOException {
    size();
    ModelProto behind =
        ModelProto.newBuilder()
            .addAllOpsetImport(model.getOpsetImportList())
            .addAllMetadataProps(model.getMetadataPropsList())
            .build();
    model.toBuilder().clearOpsetImport().clearMetadataProps().build().writeTo(out);
    begin(ModelProto.GRAPH_FIELD_NUMBER, graphSize(), out);
    writeGraph(out);
    behind.writeTo(out);
  }

  private void writeGraph(CodedOutputStream out) throws IOException {
    GraphProto before =
        GraphProto.newBuilder().addAllNode(graph.getNodeList()).setName(graph.getName()).build();
    before.writeTo(out);
    for (Constant constant : parameters) {
      begin(GraphProto.INITIALIZER_FIELD_NUMBER, constant.size(), out);
      constant.writeTo(out);
    }
    graph.toBuilder().clearNode().clearName().build().writeTo(out);
  }

  private static long delimited(int field, long length) {
    return CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt64SizeNoTag(length)
        + length;
  }

  private static void begin(int field, long length, CodedOutputStream out) throws IOException {
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt64NoTag(length);
  }
}
