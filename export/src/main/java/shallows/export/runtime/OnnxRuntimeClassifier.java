package shallows.export.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import shallows.data.PixelOrder;
import shallows.export.inspect.OnnxInspection;
import shallows.export.inspect.Refusal;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.onnx.OnnxOutline;
import shallows.model.onnx.constant.ExternalData;

/** An ONNX file in ONNX Runtime on the processor. Several threads may ask at once. */
public final class OnnxRuntimeClassifier implements RuntimeClassifier {
  private static final String EXPECTED =
      "an ONNX model of one image (N, C, H, W) and one (N, classes)";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String where;
  private final String input;
  private final Shape image;
  private final int classes;
  private final int batch;

  private OnnxRuntimeClassifier(
      OrtEnvironment environment, OrtSession session, String where, TensorInfo in, TensorInfo out)
      throws OrtException {
    this.environment = environment;
    this.session = session;
    this.where = where;
    this.input = session.getInputNames().iterator().next();
    long[] shape = in.getShape();
    this.image = Shape.of((int) shape[1], (int) shape[2], (int) shape[3]);
    this.classes = (int) out.getShape()[1];
    this.batch = (int) shape[0];
  }

  /**
   * What is in the file is read once, so it may be overwritten meanwhile; what it has in other
   * files has to stay.
   *
   * @param threads for one operation, at least 1
   * @throws BadInputException naming the file, when it is not such a model
   */
  public static OnnxRuntimeClassifier open(Path file, int threads) {
    return open(
        new OnnxOutline(ModelFile.read(file), false),
        file.toString(),
        Optional.of(file),
        threads,
        options -> {});
  }

  /**
   * The same, for a few images: in less memory, and slower, as weights are not laid out anew (which
   * no result depends on but for rounding). ONNX Runtime maps the file into memory, so it has to
   * stay as it is until this is closed: one that is overwritten in place, not replaced, ends the
   * process.
   *
   * @param where what to call the model in messages
   * @throws BadInputException as above
   */
  public static OnnxRuntimeClassifier openSmall(Path file, String where, int threads) {
    return open(
        ModelFile.outline(file),
        where,
        Optional.of(file),
        threads,
        OnnxSessionOptions::forFewImages);
  }

  /**
   * @param where what to call the model in messages
   * @throws BadInputException as above
   */
  public static OnnxRuntimeClassifier open(byte[] model, String where, int threads) {
    return open(new OnnxOutline(model, false), where, Optional.empty(), threads, options -> {});
  }

  /** Changes how a session is run. */
  @FunctionalInterface
  private interface Change {
    void of(OrtSession.SessionOptions options) throws OrtException;
  }

  private static OnnxRuntimeClassifier open(
      OnnxOutline outline, String where, Optional<Path> file, int threads, Change change) {
    byte[] model = outline.content();
    if (model.length == 0) {
      throw Refusal.of(where, EXPECTED, "an empty file");
    }
    boolean needsOthers =
        OnnxInspection.check(
            model, where, file.map(ExternalData::beside).orElse(ExternalData.NONE));
    OrtSession session = null;
    try (OrtSession.SessionOptions options = OnnxSessionOptions.of(model, threads)) {
      OrtEnvironment environment = OnnxRuntime.environment();
      change.of(options);
      if (outline.isParted()) {
        OnnxSessionOptions.inside(file.orElseThrow(), options);
      }
      // By its name it finds what lies beside it, also where all of that are links.
      session =
          needsOthers && !outline.isParted()
              ? environment.createSession(file.orElseThrow().toString(), options)
              : environment.createSession(model, options);
      TensorInfo in = onlyTensor(where, "input", session.getInputInfo(), 4);
      TensorInfo out = onlyTensor(where, "output", session.getOutputInfo(), 2);
      OnnxRuntimeClassifier classifier =
          new OnnxRuntimeClassifier(environment, session, where, in, out);
      session = null;
      return classifier;
    } catch (OrtException e) {
      throw Refusal.of(where, EXPECTED, "one that ONNX Runtime refuses: " + shorter(e), e);
    } finally {
      close(session);
    }
  }

  private static TensorInfo onlyTensor(
      String where, String role, Map<String, NodeInfo> nodes, int axes) {
    Collection<NodeInfo> infos = nodes.values();
    if (infos.size() != 1) {
      throw Refusal.of(where, EXPECTED, infos.size() + " " + role + "s");
    }
    NodeInfo info = infos.iterator().next();
    if (!(info.getInfo() instanceof TensorInfo tensor) || tensor.type != OnnxJavaType.FLOAT) {
      throw Refusal.of(where, EXPECTED, "an " + role + " of " + info.getInfo());
    }
    long[] shape = tensor.getShape();
    boolean fits = shape.length == axes && (shape[0] == -1 || shape[0] == 1);
    for (int axis = 1; fits && axis < axes; axis++) {
      fits = shape[axis] >= 1 && shape[axis] <= Integer.MAX_VALUE;
    }
    if (!fits) {
      throw Refusal.of(where, EXPECTED, "an " + role + " of " + Arrays.toString(shape));
    }
    return tensor;
  }

  @Override
  public String runtime() {
    return "ONNX Runtime " + environment.getVersion();
  }

  @Override
  public Shape image() {
    return image;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public float[][] logits(float[] images, int count) {
    ModelFile.requireImages(where, image, images, count);
    float[] turned = PixelOrder.channelsFirst(images, count, image.dimension(0));
    int atOnce = batch == 1 ? 1 : count;
    float[][] logits = new float[count][];
    for (int first = 0; first < count; first += atOnce) {
      FloatBuffer pixels =
          FloatBuffer.wrap(turned, first * image.size(), atOnce * image.size()).slice();
      run(pixels, atOnce, first, logits);
    }
    return logits;
  }

  private void run(FloatBuffer pixels, int count, int first, float[][] logits) {
    long[] shape = {count, image.dimension(0), image.dimension(1), image.dimension(2)};
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, pixels, shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      if (values.remaining() != count * classes) {
        throw Refusal.of(
            where, count + " x " + classes + " logits", values.remaining() + " values");
      }
      for (int i = 0; i < count; i++) {
        logits[first + i] = new float[classes];
        values.get(logits[first + i]);
      }
    } catch (OrtException e) {
      throw Refusal.of(where, "a model that runs", shorter(e), e);
    }
  }

  @Override
  public void close() {
    close(session);
  }

  static void close(OrtSession session) {
    if (session != null) {
      try {
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException("ONNX Runtime does not close a session", e);
      }
    }
  }

  /** The first line of the runtime's message, without its error code. */
  static String shorter(OrtException e) {
    String message = e.getMessage() == null ? "no reason given" : e.getMessage().strip();
    String first = message.lines().findFirst().orElse(message);
    return first.replaceFirst("^Error code - \\S+ - message: ", "");
  }
}
