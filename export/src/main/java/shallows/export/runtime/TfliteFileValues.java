package shallows.export.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    Model model = model(ModelFile.read(file));
    try {
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
    } catch (RuntimeException e) {
      throw Refusal.of(file.toString(), EXPECTED, "a damaged one", e);
    }
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
