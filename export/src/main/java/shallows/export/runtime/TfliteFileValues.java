package shallows.export.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.Operator;
import org.tensorflow.lite.schema.OperatorCode;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.Tensor;
import org.tensorflow.lite.schema.TensorType;
import shallows.data.PixelOrder;
import shallows.export.inspect.Refusal;

/** The values inside a TFLite file; integers are returned as the floats that they stand for. */
final class TfliteFileValues implements FileValues {
  private static final String EXPECTED = "a TFLite model of images that TFLite runs";

  private final TfliteSession session;
  private final TfliteEdge input;
  private final Map<String, TfliteEdge> outputs = new LinkedHashMap<>();

  private TfliteFileValues(TfliteSession session, List<String> values) {
    this.session = session;
    this.input = session.input(0);
    for (int i = 0; i < values.size(); i++) {
      outputs.put(values.get(i), session.output(i));
    }
  }

  static Map<String, String> operations(Path file) {
    return read(file, TfliteFileValues::operations);
  }

  static Map<String, List<String>> sources(Path file) {
    return read(file, TfliteFileValues::sources);
  }

  private static <T> T read(Path file, Function<Model, T> reader) {
    Model model = model(ModelFile.read(file));
    try {
      return reader.apply(model);
    } catch (RuntimeException e) {
      throw Refusal.of(file.toString(), EXPECTED, "a damaged one", e);
    }
  }

  private static Map<String, List<String>> sources(Model model) {
    SubGraph graph = model.subgraphs(0);
    Set<Integer> varying = new HashSet<>();
    for (int i = 0; i < graph.inputsLength(); i++) {
      varying.add(graph.inputs(i));
    }
    Map<String, List<String>> sources = new LinkedHashMap<>();
    // In the order of computation, as TFLite has it.
    for (int i = 0; i < graph.operatorsLength(); i++) {
      Operator operator = graph.operators(i);
      List<String> inputs = new ArrayList<>();
      for (int o = 0; o < operator.inputsLength(); o++) {
        if (varying.contains(operator.inputs(o))) {
          inputs.add(name(graph, operator.inputs(o)));
        }
      }
      for (int o = 0; o < operator.outputsLength(); o++) {
        varying.add(operator.outputs(o));
        sources.put(name(graph, operator.outputs(o)), List.copyOf(inputs));
      }
    }
    return sources;
  }

  /** A tensor may have none. */
  private static String name(SubGraph graph, int tensor) {
    String name = graph.tensors(tensor).name();
    return name == null ? "tensor " + tensor : name;
  }

  private static Map<String, String> operations(Model model) {
    SubGraph graph = model.subgraphs(0);
    Map<String, String> operations = new LinkedHashMap<>();
    for (int i = 0; i < graph.operatorsLength(); i++) {
      Operator operator = graph.operators(i);
      OperatorCode code = model.operatorCodes((int) operator.opcodeIndex());
      int builtin = Math.max(code.deprecatedBuiltinCode(), code.builtinCode());
      for (int o = 0; o < operator.outputsLength(); o++) {
        Tensor tensor = graph.tensors(operator.outputs(o));
        if (holdsNumbers(tensor)) {
          operations.put(tensor.name(), BuiltinOperator.name(builtin));
        }
      }
    }
    return operations;
  }

  private static boolean holdsNumbers(Tensor tensor) {
    return tensor.name() != null
        && (tensor.type() == TensorType.FLOAT32
            || tensor.type() == TensorType.INT8
                && tensor.quantization() != null
                && tensor.quantization().scaleLength() == 1);
  }

  static TfliteFileValues open(Path file, Collection<String> values) {
    byte[] content = ModelFile.read(file);
    // Verifies the file's offsets before anything below follows them.
    TfliteSession.open(content, file.toString(), EXPECTED, 1).close();
    SubGraph graph = model(content).subgraphs(0);
    Map<String, Integer> indices = new LinkedHashMap<>();
    for (int i = 0; i < graph.tensorsLength(); i++) {
      if (values.contains(graph.tensors(i).name())) {
        indices.put(graph.tensors(i).name(), i);
      }
    }
    int[] tensors = indices.values().stream().mapToInt(Integer::intValue).toArray();
    byte[] returning = TfliteOutputs.returning(content, tensors);
    return new TfliteFileValues(
        TfliteSession.open(returning, file.toString(), EXPECTED, 1),
        new ArrayList<>(indices.keySet()));
  }

  private static Model model(byte[] content) {
    return Model.getRootAsModel(ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
  }

  @Override
  public Map<String, float[]> run(float[] pixels) {
    input.put(pixels, 0, pixels.length);
    session.run();
    Map<String, float[]> values = new LinkedHashMap<>();
    outputs.forEach((name, output) -> values.put(name, channelsFirst(output)));
    return values;
  }

  private static float[] channelsFirst(TfliteEdge output) {
    float[] values = new float[output.size()];
    output.get(values);
    if (output.shape().length != 4) {
      return values;
    }
    return PixelOrder.channelsFirst(values, 1, output.shape()[3]);
  }

  @Override
  public void close() {
    session.close();
  }
}
