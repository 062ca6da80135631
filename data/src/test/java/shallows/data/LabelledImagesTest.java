package shallows.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.data.decode.ImagePixels;
import shallows.data.decode.ImageResize;
import shallows.model.graph.Normalization;

class LabelledImagesTest {
  private static final Normalization HALVES =
      new Normalization(List.of(0.5f, 0f), List.of(0.5f, 1f));

  /** Two images of 1x2 pixels of 2 channels. */
  private final LabelledImages images = SampleImages.two(2, 1, 2, 0, 255, 255, 0, 0, 0, 255, 255);

  @Test
  void normalizesChannelByChannel() {
    assertArrayEquals(new float[] {-1, 1, 1, 0, -1, 0, 1, 1}, images.normalized(0, 2, HALVES));
  }

  @Test
  void fillsInTheOrderOfTheIndices() {
    float[] target = new float[9];
    images.fill(new int[] {1, 0}, HALVES, target);
    assertArrayEquals(new float[] {-1, 0, 1, 1, -1, 1, 1, 0, 0}, target);
  }

  @Test
  void aSubsetOfASubsetKeepsImagesWithTheirLabels() {
    LabelledImages random = SampleImages.random(30, 3, 1, 2, 2);
    LabelledImages part = random.subset(new int[] {20, 4, 9}).subset(1, 3);
    assertEquals(2, part.size());
    assertArrayEquals(random.image(4), part.image(0));
    assertArrayEquals(random.image(9), part.image(1));
    assertArrayEquals(new int[] {1, 0}, part.labels());
    assertEquals(1, part.label(0));
  }

  @Test
  void splitTakesTheShareOfEveryClass() {
    LabelledImages random = SampleImages.random(200, 4, 1, 2, 2);
    HeldOutSplit split = random.split(0.1, 3);
    assertEquals(20, split.heldOut().size());
    for (int label = 0; label < 4; label++) {
      assertEquals(5, split.heldOut().indicesOf(label).length);
      assertEquals(45, split.train().indicesOf(label).length);
    }
  }

  @Test
  void theTwoPartsShareNothingAndMissNothing() {
    LabelledImages random = SampleImages.random(60, 3, 1, 4, 4);
    HeldOutSplit split = random.split(0.25, 3);
    Set<String> all = contents(random);
    assertEquals(60, all.size());
    Set<String> both = contents(split.train());
    both.addAll(contents(split.heldOut()));
    assertEquals(60, split.train().size() + split.heldOut().size());
    assertEquals(all, both);
  }

  @Test
  void theSameSeedSplitsTheSameWay() {
    LabelledImages random = SampleImages.random(100, 2, 1, 3, 3);
    Set<String> first = contents(random.split(0.2, 5).heldOut());
    assertEquals(first, contents(random.split(0.2, 5).heldOut()));
    assertFalse(first.equals(contents(random.split(0.2, 6).heldOut())));
  }

  @Test
  void splitLeavesBothPartsAnImageOfAClassOfTwo() {
    HeldOutSplit split = SampleImages.random(4, 2, 1, 2, 2).split(0.01, 1);
    assertArrayEquals(new int[] {0, 1}, Arrays.stream(split.train().labels()).sorted().toArray());
    assertArrayEquals(new int[] {0, 1}, Arrays.stream(split.heldOut().labels()).sorted().toArray());
  }

  @Test
  void resizesEveryImageAndKeepsTheLabels() {
    LabelledImages random = SampleImages.random(5, 2, 3, 6, 6);
    LabelledImages half = random.resized(3, 3);
    assertEquals(3, half.height());
    assertArrayEquals(random.labels(), half.labels());
    assertArrayEquals(ImageResize.resize(random.image(4), 6, 6, 3, 3, 3), half.image(4));
  }

  @Test
  void imagesMadeAnewEachTimeAreThoseKeptInMemory() {
    LabelledImages grey = SampleImages.random(5, 2, 1, 6, 6).subset(new int[] {4, 2});
    LabelledImages kept = grey.fitted(3, 4, 5);
    assertEquals(3, kept.channels());
    FittedPixels anew = new FittedPixels(grey, 3, 4, 5);
    for (int i = 0; i < grey.size(); i++) {
      ImagePixels expected = new ImagePixels(1, 6, 6, grey.image(i)).withChannels(3).fitted(4, 5);
      assertArrayEquals(expected.bytes(), kept.image(i));
      assertArrayEquals(expected.bytes(), anew.array(i));
      assertEquals(grey.label(i), kept.label(i));
    }
  }

  @Test
  void keepsNoMoreInMemoryThanATenthOfItAndAnArrayHold() {
    long gigabyte = 1L << 30;
    assertTrue(FittedPixels.fitInMemory(gigabyte / 10, gigabyte));
    assertFalse(FittedPixels.fitInMemory(gigabyte / 9, gigabyte));
    assertFalse(FittedPixels.fitInMemory(2 * gigabyte, 64 * gigabyte));
  }

  @Test
  void refusesToHoldImagesOutThatAreAloneInTheirClass() {
    LabelledImages two =
        new LabelledImages("two", List.of("a", "b"), 1, 1, 1, new byte[2], new int[] {0, 1});
    BadInput.assertRefused(() -> two.split(0.1, 1), "two", "2 images of one class");
  }

  @Test
  void refusesPixelsOrLabelsThatDoNotFit() {
    List<String> ab = List.of("a", "b");
    int[] labels = {0, 1};
    assertThrows(
        IllegalArgumentException.class,
        () -> new LabelledImages("x", ab, 1, 2, 2, new byte[7], labels));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LabelledImages("x", ab, 1, 2, 2, new byte[8], new int[] {0, 2}));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LabelledImages("x", List.of("a", "a"), 1, 2, 2, new byte[8], labels));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LabelledImages("x", ab, 1, 2, 2, new byte[0], new int[0]));
    assertThrows(
        IllegalArgumentException.class, () -> images.normalized(0, 1, Normalization.none(1)));
  }

  private static Set<String> contents(LabelledImages images) {
    return new HashSet<>(
        IntStream.range(0, images.size()).mapToObj(i -> Arrays.toString(images.image(i))).toList());
  }
}
