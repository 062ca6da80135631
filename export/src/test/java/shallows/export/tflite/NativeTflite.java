package shallows.export.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.BuiltinOpResolverWithoutDefaultDelegates;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import org.bytedeco.tensorflowlite.TfLiteRegistration;
import org.bytedeco.tensorflowlite.global.tensorflowlite;

/** TFLite's own interfaces, for what a classifier has no use for. Files pass its verifier first. */
@SuppressWarnings("try") // Scopes are there for what is made inside them.
public final class NativeTflite {
  private NativeTflite() {}

  /** What the interpreter runs, one entry an operator; a delegate counts as one. */
  public static List<String> plan(byte[] file) {
    try (PointerScope scope = new PointerScope()) {
      Interpreter interpreter = open(file, new BuiltinOpResolver());
      assertEquals(tensorflowlite.kTfLiteOk, interpreter.AllocateTensors());
      IntPointer nodes = interpreter.execution_plan();
      List<String> plan = new ArrayList<>();
      for (long i = 0; i < nodes.limit(); i++) {
        TfLiteRegistration operator = interpreter.node_and_registration(nodes.get(i)).second();
        BytePointer name = operator.custom_name();
        plan.add(name == null ? "builtin " + operator.builtin_code() : name.getString());
      }
      return plan;
    }
  }

  /**
   * Runs a file at another input shape than it declares.
   *
   * @param shape {@code (N, H, W, C)}
   * @param images of that shape
   */
  public static float[] run(byte[] file, int[] shape, float[] images, int outputs) {
    try (PointerScope scope = new PointerScope()) {
      Interpreter interpreter = open(file, new BuiltinOpResolver());
      int input = interpreter.inputs().get(0);
      assertEquals(tensorflowlite.kTfLiteOk, interpreter.ResizeInputTensorStrict(input, shape));
      return run(interpreter, images, outputs);
    }
  }

  /**
   * Runs a file in TFLite's own kernels, without XNNPACK.
   *
   * @param image of the shape that it declares
   */
  public static float[] runWithoutXnnpack(byte[] file, float[] image, int outputs) {
    try (PointerScope scope = new PointerScope()) {
      return run(open(file, new BuiltinOpResolverWithoutDefaultDelegates()), image, outputs);
    }
  }

  private static float[] run(Interpreter interpreter, float[] images, int outputs) {
    assertEquals(tensorflowlite.kTfLiteOk, interpreter.AllocateTensors());
    interpreter.typed_input_tensor_float(0).put(images);
    assertEquals(tensorflowlite.kTfLiteOk, interpreter.Invoke());
    float[] values = new float[outputs];
    interpreter.typed_output_tensor_float(0).get(values);
    return values;
  }

  private static Interpreter open(byte[] file, BuiltinOpResolver operators) {
    BytePointer bytes = new BytePointer(file);
    FlatBufferModel model =
        FlatBufferModel.VerifyAndBuildFromBuffer(bytes, bytes.capacity(), null, null);
    assertNotNull(model);
    Interpreter interpreter = new Interpreter((Pointer) null);
    new InterpreterBuilder(model, operators).apply(interpreter);
    return interpreter;
  }
}
