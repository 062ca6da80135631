package shallows.pipeline.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Drawn garments with made-up predictions. */
final class SampleImages {
  private static final int SIDE = 28;
  private static final int[][] OUTLINES = {
    {4, 8, 10, 4, 18, 4, 24, 8, 21, 12, 19, 10, 19, 24, 9, 24, 9, 10, 7, 12},
    {9, 3, 19, 3, 20, 25, 16, 25, 14, 9, 12, 25, 8, 25},
    {3, 20, 7, 6, 11, 3, 17, 3, 21, 6, 25, 20, 22, 21, 19, 11, 19, 24, 9, 24, 9, 11, 6, 21},
    {11, 3, 17, 3, 16, 11, 21, 25, 7, 25, 12, 11},
    {4, 21, 8, 5, 13, 3, 15, 3, 20, 5, 24, 21, 20, 22, 20, 26, 8, 26, 8, 22},
    {3, 20, 10, 15, 13, 9, 16, 9, 17, 15, 25, 19, 25, 21, 3, 22},
    {4, 14, 9, 5, 13, 4, 14, 7, 15, 4, 19, 5, 24, 14, 20, 15, 19, 24, 9, 24, 8, 15},
    {3, 17, 9, 15, 14, 11, 17, 14, 25, 16, 25, 20, 3, 20},
    {5, 11, 23, 11, 24, 23, 4, 23},
    {13, 4, 20, 4, 19, 15, 24, 19, 24, 22, 8, 22, 8, 18, 12, 14}
  };

  private SampleImages() {}

  static List<Sample> of(int classes) {
    Random random = new Random(7);
    int[] labels = {9, 2, 1, 1, 6, 1, 4, 6, 5, 7, 4, 3};
    int[] wrong = {-1, -1, -1, -1, -1, -1, -1, 0, -1, -1, 2, 6};
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] % classes;
      int guess = wrong[i] < 0 ? label : wrong[i] % classes;
      samples.add(
          new Sample(
              garment(OUTLINES[labels[i]], random),
              SIDE,
              SIDE,
              1,
              label,
              probabilities(classes, i == 10 ? guess : label, guess, 0.93 - 0.05 * (i % 6), random),
              probabilities(classes, guess, label, wrong[i] < 0 ? 0.9 : 0.58, random)));
    }
    return samples;
  }

  private static float[] probabilities(
      int classes, int first, int second, double share, Random random) {
    double[] weight = new double[classes];
    double rest = 0;
    for (int i = 0; i < classes; i++) {
      weight[i] = random.nextDouble();
      rest += i == first ? 0 : i == second ? weight[i] += 6 : weight[i];
    }
    float[] probabilities = new float[classes];
    for (int i = 0; i < classes; i++) {
      probabilities[i] = (float) (i == first ? share : (1 - share) * weight[i] / rest);
    }
    return probabilities;
  }

  private static byte[] garment(int[] outline, Random random) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    Polygon polygon = new Polygon();
    for (int i = 0; i < outline.length; i += 2) {
      polygon.addPoint(outline[i], outline[i + 1]);
    }
    int grey = 130 + random.nextInt(90);
    graphics.setColor(new Color(grey, grey, grey));
    graphics.fill(polygon);
    graphics.setColor(new Color(grey / 2, grey / 2, grey / 2));
    graphics.setStroke(new BasicStroke(1));
    graphics.draw(polygon);
    graphics.dispose();
    byte[] pixels = new byte[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      int value = image.getRGB(i % SIDE, i / SIDE) & 0xff;
      pixels[i] = (byte) (value == 0 ? 0 : Math.min(255, value + random.nextInt(40)));
    }
    return pixels;
  }
}
