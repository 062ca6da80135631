package shallows.export.runtime;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteVersion;

import java.nio.file.Path;
import java.util.Arrays;
import shallows.export.inspect.Refusal;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;

/**
 * A TFLite file in TFLite on the processor. Where a file takes or gives 8-bit integers, images and
 * logits are rounded here. Not for use by several threads at once.
 */
public final class TfliteClassifier implements RuntimeClassifier {
  private static final String EXPECTED =
      "a TFLite model of one image (1, H, W, C) and one (1, classes)";

  private final String where;
  private final TfliteSession session;
  private final TfliteEdge input;
  private final TfliteEdge output;
  private final Shape image;
  private final int classes;

  private TfliteClassifier(TfliteSession session, String where) {
    this.where = where;
    this.session = session;
    if (session.inputs() != 1 || session.outputs() != 1) {
      throw Refusal.of(
          where, EXPECTED, session.inputs() + " inputs and " + session.outputs() + " outputs");
    }
    input = session.input(0);
    output = session.output(0);
    requireOne(input, 4);
    requireOne(output, 2);
    image = Shape.of(input.shape()[3], input.shape()[1], input.shape()[2]);
    classes = output.shape()[1];
  }

  /**
   * @param threads for one operation, at least 1
   * @throws BadInputException naming the file, when it is not such a model
   */
  public static TfliteClassifier open(Path file, int threads) {
    return open(file, file.toString(), threads);
  }

  /**
   * @param where what to call the file in messages
   * @throws BadInputException as above
   */
  public static TfliteClassifier open(Path file, String where, int threads) {
    return of(TfliteSession.open(file, where, EXPECTED, threads), where);
  }

  /**
   * @param where what to call the model in messages
   * @throws BadInputException as above
   */
  public static TfliteClassifier open(byte[] content, String where, int threads) {
    return of(TfliteSession.open(content, where, EXPECTED, threads), where);
  }

  private static TfliteClassifier of(TfliteSession session, String where) {
    try {
      return new TfliteClassifier(session, where);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private void requireOne(TfliteEdge edge, int axes) {
    int[] shape = edge.shape();
    if (shape.length != axes || shape[0] != 1 || !edge.holdsNumbers()) {
      throw Refusal.of(
          where, EXPECTED, "a tensor of another type or shape, " + Arrays.toString(shape));
    }
  }

  @Override
  public String runtime() {
    return "TFLite " + TfLiteVersion().getString();
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
    float[][] logits = new float[count][classes];
    for (int i = 0; i < count; i++) {
      input.put(images, i * image.size(), image.size());
      session.run();
      output.get(logits[i]);
    }
    return logits;
  }

  @Override
  public void close() {
    session.close();
  }
}
