package shallows.export.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.lite.schema.Buffer;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.Metadata;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.Operator;
import org.tensorflow.lite.schema.OperatorCode;
import org.tensorflow.lite.schema.QuantizationParameters;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.TensorType;
import shallows.export.metadata.AssociatedFiles;
import shallows.export.metadata.TfliteMetadata;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * A TFLite file while it is written: constants, tensors and operators are appended in the order of
 * computation, then {@link #finish} closes it. It knows the format, but no graph. Large constants
 * lie behind all else, so that the network need not be in memory once more.
 */
final class TfliteFile {
  private static final int SCHEMA_VERSION = 3;
  private static final int NO_BUFFER = 0;

  /** Smaller constants lie among the tables, whose small parts fill what alignment leaves free. */
  private static final int LEAST_BEHIND = 1 << 20;

  /** An operator and the lowest version of it that has what is used of it here. */
  private record Code(int builtin, int version) {}

  private final FlatBufferBuilder builder = new FlatBufferBuilder();
  private final TfliteBatch batch;
  private final OperatorVersions versions;
  private final TfliteConstants constants;
  private final List<Integer> buffers = new ArrayList<>();
  private final List<Integer> tensors = new ArrayList<>();
  private final List<TensorKind> kinds = new ArrayList<>();
  private final List<Integer> operators = new ArrayList<>();
  private final Map<Code, Integer> codes = new LinkedHashMap<>();

  TfliteFile(String network, TfliteBatch batch, OperatorVersions versions) {
    this.constants = new TfliteConstants(network);
    this.batch = batch;
    this.versions = versions;
    // Buffer 0 is by convention the empty one, which computed tensors name.
    Buffer.startBuffer(builder);
    buffers.add(Buffer.endBuffer(builder));
  }

  /** For building the options of an operator. */
  FlatBufferBuilder builder() {
    return builder;
  }

  /** A tensor of floats that is computed, or the input; returns its index. */
  int value(String name, int[] shape) {
    return value(name, shape, TensorKind.FLOAT);
  }

  /** A tensor of any kind that is computed; returns its index. */
  int value(String name, int[] shape, TensorKind kind) {
    return tensor(name, shape, kind, NO_BUFFER, batch == TfliteBatch.DYNAMIC);
  }

  /** A tensor that is computed and holds the same kind of numbers as another; returns its index. */
  int valueLike(int other, String name, int[] shape) {
    return value(name, shape, kinds.get(other));
  }

  /** A tensor that is computed, but does not grow with the batch; returns its index. */
  int fixedValue(String name, int[] shape, TensorKind kind) {
    return tensor(name, shape, kind, NO_BUFFER, false);
  }

  /** A constant of any type; returns its index. */
  int constant(String name, int[] shape, byte type, ByteBuffer littleEndian) {
    return constant(name, shape, TensorKind.plain(type), littleEndian);
  }

  /** A constant of any kind; returns its index. */
  int constant(String name, int[] shape, TensorKind kind, ByteBuffer littleEndian) {
    return tensor(name, shape, kind, buffer(littleEndian), false);
  }

  /** A constant of floats; returns its index. */
  int constant(String name, Tensor tensor) {
    return tensor(name, extents(tensor.shape()), TensorKind.FLOAT, buffer(tensor), false);
  }

  /** A constant of 32-bit integers; returns its index. */
  int constant(String name, int[] shape, int... values) {
    ByteBuffer bytes = littleEndian(values.length * Integer.BYTES);
    bytes.asIntBuffer().put(values);
    return constant(name, shape, TensorType.INT32, bytes);
  }

  /** The lowest number that a tensor like {@code other} holds; returns the constant's index. */
  int lowestLike(int other, String name) {
    TensorKind kind = kinds.get(other);
    return kind.type() == TensorType.INT8
        ? constant(name, new int[] {1}, kind, ByteBuffer.wrap(new byte[] {Byte.MIN_VALUE}))
        : constant(name, Tensor.vector(-Float.MAX_VALUE));
  }

  /**
   * An operator with options.
   *
   * @param builtin of {@code BuiltinOperator}
   * @param version the lowest that has what is used of the options
   * @param optionsType of {@code BuiltinOptions}
   * @param options offset of the options in {@link #builder}
   */
  void operator(int builtin, int version, int[] inputs, int output, byte optionsType, int options) {
    int needed = Math.max(version, versions.least(builtin));
    int code = codes.computeIfAbsent(new Code(builtin, needed), key -> codes.size());
    int inputsVector = Operator.createInputsVector(builder, inputs);
    int outputsVector = Operator.createOutputsVector(builder, new int[] {output});
    Operator.startOperator(builder);
    Operator.addOpcodeIndex(builder, code);
    Operator.addInputs(builder, inputsVector);
    Operator.addOutputs(builder, outputsVector);
    if (optionsType != BuiltinOptions.NONE) {
      Operator.addBuiltinOptionsType(builder, optionsType);
      Operator.addBuiltinOptions(builder, options);
    }
    operators.add(Operator.endOperator(builder));
  }

  /** An operator without options. */
  void operator(int builtin, int version, int[] inputs, int output) {
    operator(builtin, version, inputs, output, BuiltinOptions.NONE, 0);
  }

  /**
   * Closes the file.
   *
   * @param metadata of {@link TfliteMetadata}
   * @param files that it names, behind the model
   */
  TfliteContent finish(
      int input, int output, String description, byte[] metadata, Map<String, String> files) {
    int metadataVector = metadata(metadata);
    int subgraph = subgraph(input, output);
    int subgraphs = Model.createSubgraphsVector(builder, new int[] {subgraph});
    int operatorCodes = Model.createOperatorCodesVector(builder, operatorCodes());
    int buffersVector = Model.createBuffersVector(builder, offsets(buffers));
    int descriptionString = builder.createString(description);
    Model.startModel(builder);
    Model.addVersion(builder, SCHEMA_VERSION);
    Model.addOperatorCodes(builder, operatorCodes);
    Model.addSubgraphs(builder, subgraphs);
    Model.addDescription(builder, descriptionString);
    Model.addBuffers(builder, buffersVector);
    Model.addMetadata(builder, metadataVector);
    int model = Model.endModel(builder);
    // Finishing pads the whole to the largest alignment used in it, and constants lie behind that.
    builder.prep(TfliteConstants.ALIGNMENT, 0);
    Model.finishModelBuffer(builder, model);
    ByteBuffer tables = builder.dataBuffer();
    int length = Math.addExact(tables.remaining(), constants.size());
    return new TfliteContent(tables, constants, AssociatedFiles.behind(length, files));
  }

  private int metadata(byte[] content) {
    int name = builder.createString(TfliteMetadata.BUFFER);
    int entry = Metadata.createMetadata(builder, name, buffer(ByteBuffer.wrap(content)));
    return Model.createMetadataVector(builder, new int[] {entry});
  }

  private int subgraph(int input, int output) {
    int tensorsVector = SubGraph.createTensorsVector(builder, offsets(tensors));
    int inputs = SubGraph.createInputsVector(builder, new int[] {input});
    int outputs = SubGraph.createOutputsVector(builder, new int[] {output});
    int operatorsVector = SubGraph.createOperatorsVector(builder, offsets(operators));
    int name = builder.createString("main");
    return SubGraph.createSubGraph(builder, tensorsVector, inputs, outputs, operatorsVector, name);
  }

  private int[] operatorCodes() {
    return codes.keySet().stream()
        .mapToInt(
            code ->
                OperatorCode.createOperatorCode(
                    builder,
                    // Runtimes from before code 127 read this field, the others read the other.
                    (byte) Math.min(code.builtin(), Byte.MAX_VALUE),
                    0,
                    code.version(),
                    code.builtin()))
        .toArray();
  }

  private int tensor(String name, int[] shape, TensorKind kind, int buffer, boolean dynamicBatch) {
    int nameString = builder.createString(name);
    int shapeVector = org.tensorflow.lite.schema.Tensor.createShapeVector(builder, shape);
    int signatureVector = 0;
    if (dynamicBatch) {
      int[] signature = Arrays.copyOf(shape, shape.length);
      signature[0] = -1;
      signatureVector =
          org.tensorflow.lite.schema.Tensor.createShapeSignatureVector(builder, signature);
    }
    int quantization = kind.isQuantized() ? quantization(kind) : 0;
    org.tensorflow.lite.schema.Tensor.startTensor(builder);
    org.tensorflow.lite.schema.Tensor.addShape(builder, shapeVector);
    org.tensorflow.lite.schema.Tensor.addType(builder, kind.type());
    org.tensorflow.lite.schema.Tensor.addBuffer(builder, buffer);
    org.tensorflow.lite.schema.Tensor.addName(builder, nameString);
    if (kind.isQuantized()) {
      org.tensorflow.lite.schema.Tensor.addQuantization(builder, quantization);
    }
    if (dynamicBatch) {
      org.tensorflow.lite.schema.Tensor.addShapeSignature(builder, signatureVector);
    }
    tensors.add(org.tensorflow.lite.schema.Tensor.endTensor(builder));
    kinds.add(kind);
    return tensors.size() - 1;
  }

  private int quantization(TensorKind kind) {
    long[] zeroPoints = new long[kind.scales().length];
    Arrays.fill(zeroPoints, kind.zeroPoint());
    int scales = QuantizationParameters.createScaleVector(builder, kind.scales());
    int zeros = QuantizationParameters.createZeroPointVector(builder, zeroPoints);
    QuantizationParameters.startQuantizationParameters(builder);
    QuantizationParameters.addScale(builder, scales);
    QuantizationParameters.addZeroPoint(builder, zeros);
    QuantizationParameters.addQuantizedDimension(builder, kind.axis());
    return QuantizationParameters.endQuantizationParameters(builder);
  }

  private int buffer(ByteBuffer littleEndian) {
    if (littleEndian.capacity() >= LEAST_BEHIND) {
      return behind(constants.add(littleEndian));
    }
    place(littleEndian.capacity()).put(littleEndian);
    return buffer(builder.endVector());
  }

  private int buffer(Tensor tensor) {
    long bytes = tensor.size() * (long) Float.BYTES;
    if (bytes >= LEAST_BEHIND) {
      return behind(constants.add(tensor));
    }
    place((int) bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(tensor.values());
    return buffer(builder.endVector());
  }

  /** Room for a constant, to be filled before anything else is written. */
  private ByteBuffer place(int bytes) {
    constants.requireRoomFor(builder.offset() + (long) bytes);
    // The generated createDataVector aligns to one byte only.
    return builder.createUnintializedVector(1, bytes, TfliteConstants.ALIGNMENT);
  }

  /** The builder counts from the end of what it makes: what lies behind that is below zero. */
  private int behind(int place) {
    return buffer(-place);
  }

  /**
   * @param vector where the builder has it
   * @return the index of the buffer
   */
  private int buffer(int vector) {
    buffers.add(Buffer.createBuffer(builder, vector));
    return buffers.size() - 1;
  }

  static int[] extents(Shape shape) {
    return shape.dimensions().stream().mapToInt(Integer::intValue).toArray();
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int[] offsets(List<Integer> offsets) {
    return offsets.stream().mapToInt(Integer::intValue).toArray();
  }
}
