package shallows.demo;

import android.media.Image;
import java.nio.ByteBuffer;
import shallows.data.decode.ImagePixels;

/** A frame of the camera as plain pixels, turned upright. */
final class CameraFrame {
  /** Fixed point: a chroma of 8 bits times a factor below 2 leaves room in an int. */
  private static final int BITS = 16;

  private static final int RED_OF_V = fixed(1.402);
  private static final int GREEN_OF_U = fixed(0.344136);
  private static final int GREEN_OF_V = fixed(0.714136);
  private static final int BLUE_OF_U = fixed(1.772);

  /**
   * One of the three planes; chroma has one value for 2x2 pixels.
   *
   * @param rowStride bytes from a value to the one below it
   * @param pixelStride bytes from a value to the next
   */
  record Plane(byte[] bytes, int rowStride, int pixelStride) {
    static Plane of(Image.Plane plane) {
      ByteBuffer buffer = plane.getBuffer();
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return new Plane(bytes, plane.getRowStride(), plane.getPixelStride());
    }

    int at(int x, int y) {
      return bytes[y * rowStride + x * pixelStride] & 0xff;
    }
  }

  private CameraFrame() {}

  /**
   * @param image in {@code YUV_420_888}
   * @param degrees by which it has to be turned clockwise: 0, 90, 180 or 270
   */
  static ImagePixels upright(Image image, int degrees) {
    Image.Plane[] planes = image.getPlanes();
    return upright(
        Plane.of(planes[0]),
        Plane.of(planes[1]),
        Plane.of(planes[2]),
        image.getWidth(),
        image.getHeight(),
        degrees);
  }

  /**
   * Y, U and V of full range become red, green and blue as in a JPEG file (JFIF, ITU-R BT.601):
   *
   * <pre>
   *   r = y + 1.402 (v - 128)
   *   g = y - 0.344136 (u - 128) - 0.714136 (v - 128)
   *   b = y + 1.772 (u - 128)
   * </pre>
   */
  static ImagePixels upright(Plane y, Plane u, Plane v, int width, int height, int degrees) {
    boolean lies = degrees % 180 != 0;
    int outWidth = lies ? height : width;
    int outHeight = lies ? width : height;
    byte[] rgb = new byte[3 * outWidth * outHeight];
    int out = 0;
    for (int row = 0; row < outHeight; row++) {
      for (int column = 0; column < outWidth; column++) {
        // Where the turned pixel was: a quarter clockwise brings the lower left to the upper left.
        int inX =
            switch (degrees) {
              case 90 -> row;
              case 180 -> width - 1 - column;
              case 270 -> width - 1 - row;
              default -> column;
            };
        int inY =
            switch (degrees) {
              case 90 -> height - 1 - column;
              case 180 -> height - 1 - row;
              case 270 -> column;
              default -> row;
            };
        int light = (y.at(inX, inY) << BITS) + (1 << (BITS - 1));
        int blueness = u.at(inX / 2, inY / 2) - 128;
        int redness = v.at(inX / 2, inY / 2) - 128;
        rgb[out++] = clamped(light + RED_OF_V * redness);
        rgb[out++] = clamped(light - GREEN_OF_U * blueness - GREEN_OF_V * redness);
        rgb[out++] = clamped(light + BLUE_OF_U * blueness);
      }
    }
    return new ImagePixels(3, outHeight, outWidth, rgb);
  }

  private static int fixed(double factor) {
    return (int) Math.round(factor * (1 << BITS));
  }

  private static byte clamped(int value) {
    return (byte) Math.max(0, Math.min(255, value >> BITS));
  }
}
