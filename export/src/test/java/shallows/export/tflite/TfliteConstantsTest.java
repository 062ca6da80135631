package shallows.export.tflite;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

class TfliteConstantsTest {
  /** As where several layers read one weight, of which each has a form of its own in the file. */
  @Test
  void moreThanTheFormatCountsIsRefused() {
    Tensor.Source none =
        new Tensor.Source() {
          @Override
          public float[] all() {
            throw new IllegalStateException("read before it is written");
          }

          @Override
          public void parts(Consumer<FloatBuffer> reader) {
            all();
          }
        };
    TfliteConstants constants = new TfliteConstants("network");
    Tensor half = Tensor.of(Shape.of(1 << 27), none);
    constants.add(half);
    BadInputException e = assertThrows(BadInputException.class, () -> constants.add(half));
    assertTrue(e.getMessage().startsWith("network: expected a network of at most 1 GB"));
  }
}
