package shallows.demo;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import shallows.data.decode.ImagePixels;

/**
 * A picture in the app's cache: it outlives the process, and hands a picture from screen to screen,
 * which an intent cannot where the picture is large. Used by the worker thread alone.
 */
final class PictureFile {
  private final File file;

  private PictureFile(File file) {
    this.file = file;
  }

  /** What the main screen shows. */
  static PictureFile shown(File cache) {
    return new PictureFile(new File(cache, "shown.picture"));
  }

  /** What the camera or the drawing screen hands over. */
  static PictureFile handedOver(File cache) {
    return new PictureFile(new File(cache, "handed-over.picture"));
  }

  /** Whole or not at all. */
  void write(ImagePixels picture) throws IOException {
    File fresh = new File(file.getPath() + ".new");
    try (DataOutputStream out = new DataOutputStream(new FileOutputStream(fresh))) {
      out.writeInt(picture.channels());
      out.writeInt(picture.height());
      out.writeInt(picture.width());
      out.write(picture.bytes());
    }
    if (!fresh.renameTo(file)) {
      throw new IOException(file + " cannot be replaced");
    }
  }

  /**
   * @throws IOException when there is none
   */
  ImagePixels read() throws IOException {
    try (DataInputStream in = new DataInputStream(new FileInputStream(file))) {
      int channels = in.readInt();
      int height = in.readInt();
      int width = in.readInt();
      byte[] bytes = new byte[Math.toIntExact(file.length() - 3 * Integer.BYTES)];
      in.readFully(bytes);
      return new ImagePixels(channels, height, width, bytes);
    } catch (IllegalArgumentException | ArithmeticException | NegativeArraySizeException e) {
      throw new IOException(file + " is no picture", e);
    }
  }
}
