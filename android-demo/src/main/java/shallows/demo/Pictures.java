package shallows.demo;

import android.content.ContentResolver;
import android.graphics.Bitmap;
import android.graphics.BitmapFactory;
import android.graphics.drawable.BitmapDrawable;
import android.net.Uri;
import android.widget.ImageView;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import shallows.data.decode.ExifOrientation;
import shallows.data.decode.ImagePixels;

/** Between Android's pictures and plain bytes. */
final class Pictures {
  /** The longer side from which a picture is read at half its size, and so on. */
  private static final int LARGE = 4096;

  private Pictures() {}

  /** Decoding that changes no value. */
  static BitmapFactory.Options exact() {
    BitmapFactory.Options options = new BitmapFactory.Options();
    options.inPremultiplied = false;
    options.inScaled = false;
    return options;
  }

  /**
   * A picture of another app, upright.
   *
   * @throws IOException when it cannot be read
   */
  static ImagePixels read(ContentResolver resolver, Uri uri) throws IOException {
    BitmapFactory.Options options = exact();
    options.inJustDecodeBounds = true;
    decode(resolver, uri, options);
    options.inJustDecodeBounds = false;
    int longer = Math.max(options.outWidth, options.outHeight);
    options.inSampleSize = Math.max(1, Integer.highestOneBit((longer - 1) / LARGE + 1));
    try {
      Bitmap bitmap = decode(resolver, uri, options);
      if (bitmap == null) {
        throw new IOException(uri + " does not decode");
      }
      return pixels(bitmap).upright(orientation(resolver, uri));
    } catch (OutOfMemoryError e) {
      throw new IOException(uri + " is larger than the memory", e);
    }
  }

  private static Bitmap decode(ContentResolver resolver, Uri uri, BitmapFactory.Options options)
      throws IOException {
    try (InputStream in = IncomingFiles.opened(resolver, uri)) {
      return BitmapFactory.decodeStream(in, null, options);
    }
  }

  /** Android's own reader of the tag knows JPEG alone before version 12. */
  private static int orientation(ContentResolver resolver, Uri uri) throws IOException {
    try (InputStream in = IncomingFiles.opened(resolver, uri)) {
      return ExifOrientation.of(new BufferedInputStream(in));
    }
  }

  /** Red, green and blue; what is transparent is laid on white, as training does it. */
  static ImagePixels pixels(Bitmap bitmap) {
    int width = bitmap.getWidth();
    int height = bitmap.getHeight();
    byte[] bytes = new byte[3 * width * height];
    int[] row = new int[width];
    int out = 0;
    for (int y = 0; y < height; y++) {
      bitmap.getPixels(row, 0, width, 0, y, width, 1);
      for (int argb : row) {
        int alpha = argb >>> 24;
        for (int shift = 16; shift >= 0; shift -= 8) {
          bytes[out++] =
              (byte) (((argb >> shift & 0xff) * alpha + 255 * (255 - alpha) + 127) / 255);
        }
      }
    }
    return new ImagePixels(3, height, width, bytes);
  }

  /** Light becomes dark: a photo of something dark on white paper, as the drawings have it. */
  static ImagePixels inverted(ImagePixels image) {
    byte[] bytes = image.bytes().clone();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= (byte) 0xff;
    }
    return new ImagePixels(image.channels(), image.height(), image.width(), bytes);
  }

  /** Unfiltered, so that the pixels are seen. */
  static void show(ImagePixels image, ImageView view) {
    BitmapDrawable drawable = new BitmapDrawable(view.getResources(), bitmap(image));
    drawable.setFilterBitmap(false);
    drawable.setAntiAlias(false);
    view.setImageDrawable(drawable);
  }

  static Bitmap bitmap(ImagePixels image) {
    byte[] bytes = image.withChannels(3).bytes();
    int[] argb = new int[image.height() * image.width()];
    for (int i = 0; i < argb.length; i++) {
      argb[i] =
          0xff000000
              | (bytes[3 * i] & 0xff) << 16
              | (bytes[3 * i + 1] & 0xff) << 8
              | (bytes[3 * i + 2] & 0xff);
    }
    return Bitmap.createBitmap(argb, image.width(), image.height(), Bitmap.Config.ARGB_8888);
  }
}
