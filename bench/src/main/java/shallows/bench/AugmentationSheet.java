package shallows.bench;

import java.awt.Color;
import java.awt.Font;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import shallows.data.Augmentation;
import shallows.data.DataOptions;
import shallows.data.LabelledImages;
import shallows.data.PixelStatistics;
import shallows.data.sets.DataSets;
import shallows.model.graph.Normalization;
import shallows.model.progress.Progress;

/**
 * Draws {@code docs/images/augmentations.png}: what each augmentation makes of a drawn picture with
 * colours and of an embedded image without, as a network sees them. {@code bench/run
 * AugmentationSheet OUT.png}
 */
public final class AugmentationSheet {
  private static final int SIDE = 64;
  private static final int COLUMNS = 11;

  /** Columns that show the picture with colours; the others show the one without. */
  private static final int COLOURED = 8;

  private static final int GAP = 4;
  private static final int WORDS = 150;

  /** Neighbouring seeds give alike numbers. */
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private record Row(String words, Augmentation augmentation) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("as it is", Augmentation.NONE),
          new Row("--flip --shift 8", new Augmentation(true, 8)),
          new Row("--resized-crop 0.25", new Augmentation(false, 0, 0.25, false, 0, 0)),
          new Row("--trivial-augment", new Augmentation(false, 0, 0, true, 0, 0)),
          new Row("  more of them", new Augmentation(false, 0, 0, true, 0, 0)),
          new Row("--color-jitter 0.4", new Augmentation(false, 0, 0, false, 0.4, 0)),
          new Row("--random-erasing 1", new Augmentation(false, 0, 0, false, 0, 1)),
          new Row("all of them", new Augmentation(true, 8, 0.25, true, 0.4, 0.5)));

  private AugmentationSheet() {}

  public static void main(String[] arguments) throws IOException {
    System.setProperty("java.awt.headless", "true");
    LabelledImages scene = scene();
    LabelledImages embedded =
        DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT)
            .train()
            .subset(0, 1)
            .resized(SIDE, SIDE);
    BufferedImage sheet =
        new BufferedImage(
            WORDS + COLUMNS * (SIDE + GAP) + GAP,
            ROWS.size() * (SIDE + GAP) + GAP,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    graphics.setColor(Color.BLACK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    for (int row = 0; row < ROWS.size(); row++) {
      int y = GAP + row * (SIDE + GAP);
      graphics.drawString(ROWS.get(row).words(), 2 * GAP, y + SIDE / 2 + GAP);
      for (int column = 0; column < COLUMNS; column++) {
        LabelledImages images = column < COLOURED ? scene : embedded;
        BufferedImage changed =
            changed(images, ROWS.get(row).augmentation(), SPREAD * (row * COLUMNS + column));
        graphics.drawImage(changed, WORDS + column * (SIDE + GAP), y, null);
      }
    }
    ImageIO.write(sheet, "png", new File(arguments[0]));
  }

  /** As the network sees it, turned back into levels. */
  private static BufferedImage changed(
      LabelledImages images, Augmentation augmentation, long seed) {
    Normalization normalization = PixelStatistics.normalization(images);
    float[] values = new float[images.imageBytes()];
    augmentation.fill(
        images, new int[] {0}, normalization, new Random(seed), place -> new Random(seed), values);
    int channels = images.channels();
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
      int rgb = 0;
      for (int colour = 0; colour < 3; colour++) {
        int c = channels == 3 ? colour : 0;
        float level =
            values[pixel * channels + c] * normalization.deviation().get(c)
                + normalization.mean().get(c);
        rgb = rgb << 8 | Math.max(0, Math.min(255, Math.round(255 * level)));
      }
      picture.setRGB(pixel % SIDE, pixel / SIDE, rgb);
    }
    return picture;
  }

  /** A house under a tree. */
  private static LabelledImages scene() {
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setPaint(
        new GradientPaint(0, 0, new Color(70, 130, 210), 0, 44, new Color(205, 225, 240)));
    graphics.fillRect(0, 0, SIDE, 44);
    graphics.setPaint(
        new GradientPaint(0, 44, new Color(120, 165, 70), 0, SIDE, new Color(60, 100, 40)));
    graphics.fillRect(0, 44, SIDE, 20);
    graphics.setColor(new Color(250, 215, 90));
    graphics.fillOval(48, 5, 10, 10);
    graphics.setColor(new Color(215, 195, 165));
    graphics.fillRect(8, 30, 26, 20);
    graphics.setColor(new Color(165, 60, 45));
    graphics.fillPolygon(new int[] {4, 21, 38}, new int[] {30, 14, 30}, 3);
    graphics.setColor(new Color(75, 60, 90));
    graphics.fillRect(12, 35, 6, 6);
    graphics.fillRect(23, 37, 7, 13);
    graphics.setColor(new Color(95, 65, 40));
    graphics.fillRect(47, 36, 4, 18);
    graphics.setColor(new Color(40, 110, 55));
    graphics.fillOval(39, 19, 20, 22);
    byte[] pixels = new byte[SIDE * SIDE * 3];
    for (int i = 0; i < pixels.length; i++) {
      int rgb = picture.getRGB(i / 3 % SIDE, i / 3 / SIDE);
      pixels[i] = (byte) (rgb >> 8 * (2 - i % 3));
    }
    return new LabelledImages(
        "a drawn picture", List.of("house", "no house"), 3, SIDE, SIDE, pixels, new int[] {0});
  }
}
