package shallows.train.libtorch;

import ai.djl.pytorch.jni.LibUtils;
import java.util.Arrays;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.train.TestImages;
import shallows.train.inference.TorchClassifier;
import shallows.train.options.Compute;

/**
 * A program that asks a network about two images, and prints the answers and where LibTorch lies.
 */
final class LibTorchUser {
  /** Of a program that says why it did not. */
  static final int REFUSED = 2;

  private LibTorchUser() {}

  /**
   * @param arguments the device, then perhaps {@code download}
   */
  public static void main(String[] arguments) {
    Compute compute = Compute.parse(arguments[0], 1).withDownloadTorch(arguments.length > 1);
    Graph network = TestImages.network(1);
    float[] images = new float[2 * TestImages.SIDE * TestImages.SIDE];
    for (int i = 0; i < images.length; i++) {
      images[i] = i % 7 / 7f;
    }
    try (TorchClassifier classifier = new TorchClassifier(network, compute)) {
      System.out.println(Arrays.deepToString(classifier.logits(images, 2)));
      System.out.println(LibUtils.getLibtorchPath());
    } catch (BadInputException e) {
      System.out.println(e.getMessage());
      System.exit(REFUSED);
    }
  }
}
