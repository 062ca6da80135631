package shallows.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.Assert.assertArrayEquals;

import android.net.Uri;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;
import shallows.data.LabelledImages;
import shallows.data.PixelStatistics;
import shallows.data.decode.ImageDecoder;
import shallows.data.decode.ImagePixels;
import shallows.model.graph.Normalization;

/** A phone sees the pixels that training saw. */
@RunWith(PhoneRunner.class)
@Config(sdk = 35)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class PixelsTest {
  @Test
  public void aColourPictureIsReadAndFittedAsInTraining() throws Exception {
    BufferedImage picture = new BufferedImage(83, 61, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(5);
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        picture.setRGB(x, y, random.nextInt());
      }
    }
    assertEqualToTraining(picture, 1);
    assertEqualToTraining(picture, 3);
  }

  @Test
  public void aTransparentPictureIsLaidOnWhiteAsInTraining() throws Exception {
    BufferedImage picture = new BufferedImage(40, 30, BufferedImage.TYPE_INT_ARGB);
    Random random = new Random(6);
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        picture.setRGB(x, y, random.nextInt());
      }
    }
    assertEqualToTraining(picture, 3);
  }

  @Test
  public void aPhotoIsSeenUprightAsInTrainingHoweverTheCameraWasHeld() throws Exception {
    BufferedImage picture = new BufferedImage(41, 30, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(7);
    for (int i = 0; i < 41 * 30; i++) {
      picture.setRGB(i % 41, i / 41, random.nextInt());
    }
    for (int orientation = 0; orientation <= 9; orientation++) {
      assertEqualToTraining(held(png(picture), orientation), 3);
    }
  }

  /** With the chunk eXIf, a directory of one tag, behind the head of the file. */
  private static byte[] held(byte[] png, int orientation) {
    ByteBuffer chunk = ByteBuffer.allocate(4 + 26).put("eXIfMM".getBytes(US_ASCII));
    chunk.putShort((short) 42).putInt(8).putShort((short) 1);
    chunk.putShort((short) 274).putShort((short) 3).putInt(1).putShort((short) orientation);
    CRC32 checksum = new CRC32();
    checksum.update(chunk.array());
    int head = 8 + 25;
    return ByteBuffer.allocate(png.length + 8 + 30)
        .put(png, 0, head)
        .putInt(26)
        .put(chunk.array())
        .putInt((int) checksum.getValue())
        .put(png, head, png.length - head)
        .array();
  }

  private static byte[] png(BufferedImage picture) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", out);
    return out.toByteArray();
  }

  private static void assertEqualToTraining(BufferedImage picture, int channels) throws Exception {
    assertEqualToTraining(png(picture), channels);
  }

  private static void assertEqualToTraining(byte[] png, int channels) throws Exception {
    Path file = Files.write(Files.createTempFile("picture", ".png"), png);
    byte[] trained = ImageDecoder.decode(file, channels, 28, 28);
    ImagePixels whole =
        Pictures.read(
            RuntimeEnvironment.getApplication().getContentResolver(), Uri.fromFile(file.toFile()));
    Files.delete(file);

    assertArrayEquals(trained, whole.withChannels(channels).fitted(28, 28).bytes());
  }

  @Test
  public void normalizedValuesAreTheSameFloats() throws Exception {
    LabelledImages images = TestBundle.images();
    Normalization normalization = PixelStatistics.normalization(images);
    JSONObject json =
        new JSONObject()
            .put("channels", 1)
            .put("height", 28)
            .put("width", 28)
            .put("mean", new JSONArray(normalization.mean()))
            .put("deviation", new JSONArray(normalization.deviation()));
    float[] phone =
        NetworkInput.read(new JSONObject(json.toString()))
            .normalize(new ImagePixels(1, 28, 28, images.image(7)));

    assertArrayEquals(images.normalized(7, 8, normalization), phone, 0);
  }

  @Test
  public void bitmapsKeepTheirValues() {
    ImagePixels grey = new ImagePixels(1, 1, 3, new byte[] {0, 100, (byte) 255});

    assertArrayEquals(grey.bytes(), Pictures.pixels(Pictures.bitmap(grey)).withChannels(1).bytes());
  }
}
