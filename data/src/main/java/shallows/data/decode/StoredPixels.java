package shallows.data.decode;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import javax.imageio.IIOException;

/** From Java's pictures to plain bytes: sRGB or grey, on white. */
final class StoredPixels {
  private StoredPixels() {}

  /**
   * @param image nobody else's: its pixels may be taken over and changed
   */
  static ImagePixels of(BufferedImage image) throws IIOException {
    ColorModel model = image.getColorModel();
    ImagePixels pixels = model instanceof ComponentColorModel ? stored(image) : coloured(image);
    return isGrey(model) ? pixels.withChannels(1) : pixels;
  }

  static boolean isGrey(ColorModel model) {
    if (model instanceof IndexColorModel palette) {
      for (int i = 0; i < palette.getMapSize(); i++) {
        int rgb = palette.getRGB(i);
        if ((rgb >> 16 & 0xff) != (rgb & 0xff) || (rgb >> 8 & 0xff) != (rgb & 0xff)) {
          return false;
        }
      }
      return true;
    }
    return model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
  }

  /** The samples themselves: getRGB would brighten grey, which it takes for linear light. */
  private static ImagePixels stored(BufferedImage image) throws IIOException {
    ColorModel model = image.getColorModel();
    int channels = model.getNumColorComponents();
    if (model.getTransferType() != DataBuffer.TYPE_BYTE
        && model.getTransferType() != DataBuffer.TYPE_USHORT) {
      throw new IIOException("samples of " + model.getComponentSize(0) + " bits");
    }
    if (channels != 1 && channels != 3) {
      // Printers' colours.
      int kind = model.hasAlpha() ? BufferedImage.TYPE_4BYTE_ABGR : BufferedImage.TYPE_3BYTE_BGR;
      BufferedImage srgb = new BufferedImage(image.getWidth(), image.getHeight(), kind);
      return stored(new ColorConvertOp(null).filter(image, srgb));
    }
    byte[] own = ownBytes(image);
    ImagePixels pixels =
        new ImagePixels(
            channels, image.getHeight(), image.getWidth(), own == null ? onWhite(image) : own);
    if (channels == 3
        && model.getColorSpace() instanceof ICC_ColorSpace space
        && !space.isCS_sRGB()) {
      SrgbColours.convert(pixels, space.getProfile());
    }
    return pixels;
  }

  /**
   * What the most common pictures hold is what we want, but for the order of the colours; a large
   * one is not copied.
   *
   * @return null where it is otherwise
   */
  private static byte[] ownBytes(BufferedImage image) {
    Raster raster = image.getRaster();
    int channels = raster.getNumBands();
    if (image.getColorModel().hasAlpha()
        || image.getColorModel().getComponentSize(0) != 8
        || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
        || !(raster.getSampleModel() instanceof ComponentSampleModel model)
        || model.getPixelStride() != channels
        || model.getScanlineStride() != channels * image.getWidth()
        || buffer.getOffset() != 0
        || buffer.getNumBanks() != 1
        || buffer.getSize() != channels * image.getWidth() * image.getHeight()
        || raster.getParent() != null) {
      return null;
    }
    byte[] bytes = buffer.getData();
    int[] offsets = model.getBandOffsets();
    boolean reversed = channels == 3 && offsets[0] == 2 && offsets[1] == 1 && offsets[2] == 0;
    boolean inOrder = offsets[0] == 0 && (channels == 1 || offsets[1] == 1 && offsets[2] == 2);
    if (reversed) {
      for (int i = 0; i < bytes.length; i += 3) {
        byte blue = bytes[i];
        bytes[i] = bytes[i + 2];
        bytes[i + 2] = blue;
      }
    }
    return reversed || inOrder ? bytes : null;
  }

  private static byte[] onWhite(BufferedImage image) {
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    int channels = model.getNumColorComponents();
    int drop = model.getComponentSize(0) - 8;
    int width = image.getWidth();
    byte[] bytes = new byte[image.getHeight() * width * channels];
    int[] row = new int[width * bands];
    int out = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int in = 0; in < row.length; in += bands) {
        int alpha = model.hasAlpha() ? row[in + channels] >> drop : 255;
        for (int c = 0; c < channels; c++) {
          int value = row[in + c] >> drop;
          bytes[out++] =
              model.isAlphaPremultiplied()
                  ? (byte) Math.min(255, value + 255 - alpha)
                  : onWhite(value, alpha);
        }
      }
    }
    return bytes;
  }

  /** Palettes and packed pixels. */
  private static ImagePixels coloured(BufferedImage image) {
    int width = image.getWidth();
    byte[] bytes = new byte[image.getHeight() * width * 3];
    int[] row = new int[width];
    int out = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int argb : row) {
        for (int shift = 16; shift >= 0; shift -= 8) {
          bytes[out++] = onWhite(argb >> shift & 0xff, argb >>> 24);
        }
      }
    }
    return new ImagePixels(3, image.getHeight(), width, bytes);
  }

  private static byte onWhite(int value, int alpha) {
    return (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}
