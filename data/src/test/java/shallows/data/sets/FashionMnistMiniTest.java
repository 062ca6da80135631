package shallows.data.sets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.model.progress.Progress;

class FashionMnistMiniTest {
  private final DataSet mini =
      DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT);

  @Test
  void isBalancedByClass() {
    assertEquals("Fashion-MNIST mini", mini.name());
    assertEquals("fashion-mnist-mini", mini.spec());
    assertEquals(12_000, mini.train().size());
    assertEquals(2_000, mini.test().size());
    for (int label = 0; label < 10; label++) {
      assertEquals(1_200, mini.train().indicesOf(label).length);
      assertEquals(200, mini.test().indicesOf(label).length);
    }
  }

  @Test
  void hasItsShapeAndItsClasses() {
    assertEquals("28x28x1", mini.train().shape());
    assertEquals(10, mini.classes().size());
    assertEquals("T-shirt/top", mini.classes().get(0));
  }

  @Test
  void isTheFirstImagesOfEachClassOfTheWholeSet() {
    assumeTrue(Files.exists(FashionMnist.DEBIAN), "dataset-fashion-mnist is not installed");
    DataSet whole = DataSets.open(FashionMnist.DATA.spec(), DataOptions.ofSeed(1), Progress.SILENT);
    assertSameImages(
        FashionMnistMiniSelection.select(
            whole.train(), FashionMnistMiniSelection.TRAIN_OF_EACH_CLASS),
        mini.train());
    assertSameImages(
        FashionMnistMiniSelection.select(
            whole.test(), FashionMnistMiniSelection.TEST_OF_EACH_CLASS),
        mini.test());
  }

  @Test
  void carriesItsLicence() throws IOException {
    try (InputStream in = FashionMnist.class.getResourceAsStream("fashion-mnist-mini/README.md")) {
      assertNotNull(in);
      String notice = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(notice.contains("Copyright © 2017 Zalando SE"));
      assertTrue(notice.contains("The MIT License"));
    }
  }

  private static void assertSameImages(LabelledImages expected, LabelledImages actual) {
    assertArrayEquals(expected.labels(), actual.labels());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.image(i), actual.image(i));
    }
  }
}
