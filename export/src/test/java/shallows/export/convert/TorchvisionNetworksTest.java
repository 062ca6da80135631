package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks that PyTorch exports: each is read, has the blocks that its paper gives it, and comes
 * out as ONNX and TFLite files that give what the original gives.
 */
class TorchvisionNetworksTest {
  private static final int THREADS = 2;

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("resnet18", 64, 8),
        Arguments.of("resnet50", 64, 16),
        Arguments.of("wide_resnet50_2", 64, 16),
        Arguments.of("resnext50_32x4d", 64, 16),
        // One block a dense layer: 6 + 12 + 24 + 16.
        Arguments.of("densenet121", 64, 58),
        // Those of stride 1 between equal channels, as of the three networks below.
        Arguments.of("mobilenet_v2", 64, 10),
        Arguments.of("mobilenet_v3_small", 64, 6),
        Arguments.of("efficientnet_b0", 64, 9),
        Arguments.of("regnet_y_400mf", 64, 16),
        Arguments.of("shufflenet_v2_x1_0", 64, 0),
        Arguments.of("googlenet", 64, 0),
        Arguments.of("squeezenet1_0", 64, 0),
        // Its classifier reads 7x7 positions, which only 224 pixels give without pooling upwards.
        Arguments.of("vgg11_bn", 224, 0),
        Arguments.of("convnext_tiny", 64, 18));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void isReadWithItsBlocksAndComesOutTheSame(String name, int size, int blocks) {
    Path file = TorchvisionFiles.export(name, size);
    assumeTrue(file != null, "needs /usr/bin/python3 with torch and torchvision");
    Conversion conversion = Conversion.of(file, 1, THREADS);
    assertEquals(blocks, conversion.network().graph().blocks().size());
    assertWithin(name + " as ONNX", conversion.ofOnnx(conversion.onnx(), THREADS));
    assertWithin(name + " as TFLite", conversion.ofTflite(conversion.tflite(), THREADS));
  }

  private static void assertWithin(String what, Agreement agreement) {
    assertTrue(agreement.holds(), () -> what + ": " + agreement.words("the original"));
  }
}
