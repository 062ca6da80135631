package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;

class ShardTest {
  @Test
  void areAllImagesInTheirOrder() {
    LabelledImages images = images(4_001, 2);

    List<Shard> shards = Shard.of(images);

    assertEquals(List.of(2_000, 2_000, 1), shards.stream().map(Shard::size).toList());
    assertEquals(4_000, shards.get(2).from());
    LabelledImages part = shards.get(1).inMemory();
    assertEquals("#2001", part.source(1));
    for (int i = 0; i < part.size(); i++) {
      assertArrayEquals(images.image(2_000 + i), part.image(i));
      assertEquals(images.label(2_000 + i), part.label(i));
    }
  }

  @Test
  void haveFewerImagesWhereTheseAreLarge() {
    assertEquals(
        List.of(16, 16, 1), Shard.of(images(33, 2_048)).stream().map(Shard::size).toList());
  }

  private static LabelledImages images(int count, int side) {
    byte[] pixels = new byte[count * side * side];
    new Random(1).nextBytes(pixels);
    int[] labels = new Random(2).ints(count, 0, 2).toArray();
    return new LabelledImages("some", List.of("cat", "dog"), 1, side, side, pixels, labels);
  }
}
