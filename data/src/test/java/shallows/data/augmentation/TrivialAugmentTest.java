package shallows.data.augmentation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import shallows.data.augmentation.TrivialAugment.Change;

class TrivialAugmentTest {
  private static final int DIGITS = 16;

  @Test
  void everyChangeGivesTheBytesOfTorchvisionAtEveryStrength()
      throws IOException, NoSuchAlgorithmException {
    List<String> others = new ArrayList<>();
    Set<Change> seen = EnumSet.noneOf(Change.class);
    for (String line : golden().lines().toList()) {
      String[] words = line.split(" ");
      Change change = Change.valueOf(words[0]);
      int strength = Integer.parseInt(words[1]);
      int sign = Integer.parseInt(words[2]);
      seen.add(change);
      String found =
          digest(change.of(image(3), strength, sign))
              + " "
              + digest(change.of(image(1), strength, sign));
      if (!found.equals(words[3] + " " + words[4])) {
        others.add(line + ", found " + found);
      }
    }
    assertEquals(List.of(), others);
    assertEquals(EnumSet.allOf(Change.class), seen);
  }

  @Test
  void everyChangeIsDrawn() {
    Random random = new Random(1);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      seen.add(
          new String(TrivialAugment.of(image(1), random).pixels(), StandardCharsets.ISO_8859_1));
    }
    // Of 14 changes, six with 61 results, five with 31 and less, three with one; some coincide.
    assertTrue(seen.size() > 250, seen.size() + " images");
  }

  @Test
  void anImageOfOneLevelHasNothingToStretch() {
    Raster flat = new Raster(new byte[] {7, 7, 7, 7}, 2, 2, 1);
    assertArrayEquals(flat.pixels(), Tones.autoContrast(flat).pixels());
    assertArrayEquals(flat.pixels(), Tones.equalize(flat).pixels());
  }

  private static String golden() throws IOException {
    try (InputStream in = TrivialAugmentTest.class.getResourceAsStream("trivial_augment.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** As the script beside the golden file makes it. */
  private static Raster image(int channels) {
    int height = 20;
    int width = 19;
    byte[] pixels = new byte[height * width * channels];
    int i = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          pixels[i++] = (byte) ((7 * x * x + 3 * y * x + 40 * c + 11 * y) % 211 + 20);
        }
      }
    }
    return new Raster(pixels, height, width, channels);
  }

  private static String digest(Raster image) throws NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(image.pixels());
    return HexFormat.of().formatHex(digest).substring(0, DIGITS);
  }
}
