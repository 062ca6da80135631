package shallows.data.decode;

import java.util.Arrays;
import shallows.model.BadInputException;

/**
 * One image in plain bytes.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param height pixels
 * @param width pixels
 * @param bytes unsigned, {@code (H, W, C)}; not copied
 */
public record ImagePixels(int channels, int height, int width, byte[] bytes) {
  /** Some virtual machines keep a few words of an array for themselves. */
  public static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final int TILE = 32;

  public ImagePixels {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "expected positive sizes, found " + height + "x" + width + "x" + channels);
    }
    if (bytes.length != (long) channels * height * width) {
      throw new IllegalArgumentException(
          "expected " + height + "x" + width + "x" + channels + " bytes, found " + bytes.length);
    }
  }

  /**
   * Grey becomes colour by repeating it, colour becomes grey by the luma of ITU-R BT.601, {@code
   * 0.299 r + 0.587 g + 0.114 b}, rounded.
   *
   * @param wanted 1 or 3
   */
  public ImagePixels withChannels(int wanted) {
    if (wanted == channels) {
      return this;
    }
    byte[] result = new byte[height * width * wanted];
    if (channels == 1 && wanted == 3) {
      for (int i = 0; i < bytes.length; i++) {
        Arrays.fill(result, 3 * i, 3 * i + 3, bytes[i]);
      }
    } else if (channels == 3 && wanted == 1) {
      for (int i = 0; i < result.length; i++) {
        int red = bytes[3 * i] & 0xff;
        int green = bytes[3 * i + 1] & 0xff;
        int blue = bytes[3 * i + 2] & 0xff;
        result[i] = (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
      }
    } else {
      throw new IllegalArgumentException(
          "expected 1 or 3 channels, found " + channels + " to become " + wanted);
    }
    return new ImagePixels(wanted, height, width, result);
  }

  /** Whether a picture of this {@link ExifOrientation} lies on its side. */
  public static boolean swapsSides(int orientation) {
    return orientation > 4 && orientation <= 8;
  }

  /**
   * Turned so that it is seen as it was taken.
   *
   * @param orientation as {@link ExifOrientation} has it, 1 to 8; any other is upright
   */
  public ImagePixels upright(int orientation) {
    if (orientation <= ExifOrientation.UPRIGHT || orientation > 8) {
      return this;
    }
    boolean swapped = swapsSides(orientation);
    // The first pixel of the result lies at the end of a row, of a column, or of both.
    boolean fromRight = "2378".indexOf('0' + orientation) >= 0;
    boolean fromBelow = "3467".indexOf('0' + orientation) >= 0;
    int alongRow = channels * (swapped ? height : 1) * (fromRight ? -1 : 1);
    int alongColumn = channels * (swapped ? 1 : width) * (fromBelow ? -1 : 1);
    int origin =
        (fromRight ? -alongRow * (width - 1) : 0) + (fromBelow ? -alongColumn * (height - 1) : 0);
    byte[] result = new byte[bytes.length];
    // In squares, whose rows and columns stay near: a column of a large picture lies far apart.
    for (int top = 0; top < height; top += TILE) {
      for (int left = 0; left < width; left += TILE) {
        for (int y = top; y < Math.min(height, top + TILE); y++) {
          int in = (y * width + left) * channels;
          int out = origin + y * alongColumn + left * alongRow;
          for (int x = left; x < Math.min(width, left + TILE); x++, out += alongRow) {
            for (int c = 0; c < channels; c++) {
              result[out + c] = bytes[in++];
            }
          }
        }
      }
    }
    return new ImagePixels(channels, swapped ? width : height, swapped ? height : width, result);
  }

  /**
   * Cuts the largest part of the wanted shape out of the middle and resizes it ({@link
   * ImageResize}). Nothing is stretched; what lies beyond the middle on the longer side is lost.
   * Where an odd number of pixels goes, the right or the lower side loses one more.
   */
  public ImagePixels fitted(int toHeight, int toWidth) {
    int cutHeight = height;
    int cutWidth = width;
    if ((long) width * toHeight > (long) height * toWidth) {
      cutWidth = rounded((double) height * toWidth / toHeight);
    } else {
      cutHeight = rounded((double) width * toHeight / toWidth);
    }
    byte[] cut = cut((height - cutHeight) / 2, (width - cutWidth) / 2, cutHeight, cutWidth);
    return new ImagePixels(
        channels,
        toHeight,
        toWidth,
        ImageResize.resize(cut, cutHeight, cutWidth, channels, toHeight, toWidth));
  }

  /**
   * Room for the pixels of many images in one array.
   *
   * @param where for the message
   * @throws BadInputException when they would be more than an array holds
   */
  public static byte[] room(Object where, int count, int channels, int height, int width) {
    return new byte[bytes(where, count, count, channels, height, width)];
  }

  /**
   * How many bytes some images take together.
   *
   * @param where for the message
   * @param some of the {@code count} images that there are
   * @throws BadInputException when they would be more than an array holds
   */
  public static int bytes(Object where, int some, int count, int channels, int height, int width) {
    double bytes = (double) some * channels * height * width;
    if (bytes > LARGEST_ARRAY) {
      throw new BadInputException(
          where,
          "at most 2 GB of pixels",
          count + " images of " + height + "x" + width + "x" + channels,
          "ask for a smaller image size");
    }
    return (int) bytes;
  }

  private static int rounded(double length) {
    return Math.max(1, (int) Math.round(length));
  }

  private byte[] cut(int top, int left, int cutHeight, int cutWidth) {
    if (cutHeight == height && cutWidth == width) {
      return bytes;
    }
    byte[] result = new byte[cutHeight * cutWidth * channels];
    for (int y = 0; y < cutHeight; y++) {
      int from = ((top + y) * width + left) * channels;
      System.arraycopy(bytes, from, result, y * cutWidth * channels, cutWidth * channels);
    }
    return result;
  }
}
