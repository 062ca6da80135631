package shallows.demo;

import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import shallows.data.decode.ImagePixels;

/**
 * What a network takes.
 *
 * @param channels 1 or 3
 * @param mean of pixels scaled to [0, 1], one a channel
 * @param deviation of the same, positive
 */
record NetworkInput(int channels, int height, int width, double[] mean, double[] deviation) {
  /** A picture larger than this is no phone's network, but a damaged file. */
  private static final int LARGEST = 1024;

  NetworkInput {
    if (channels != 1 && channels != 3
        || height < 1
        || width < 1
        || height > LARGEST
        || width > LARGEST
        || mean.length != channels
        || deviation.length != channels) {
      throw new IllegalArgumentException("input of " + channels + "x" + height + "x" + width);
    }
    for (double value : deviation) {
      if (!(value > 0)) {
        throw new IllegalArgumentException("input.deviation " + value);
      }
    }
  }

  static NetworkInput read(JSONObject json) throws JSONException {
    return new NetworkInput(
        json.getInt("channels"),
        json.getInt("height"),
        json.getInt("width"),
        floats(json.getJSONArray("mean")),
        floats(json.getJSONArray("deviation")));
  }

  boolean takes(ImagePixels image) {
    return image.channels() == channels && image.height() == height && image.width() == width;
  }

  /** As training does it: the right channels, the middle, the right size. */
  ImagePixels fit(ImagePixels image) {
    return image.withChannels(channels).fitted(height, width);
  }

  /**
   * {@code (v / 255 - mean) / deviation} in double, then rounded, as training does it.
   *
   * @param image as {@link #fit} gives it
   * @return {@code (H, W, C)}
   */
  float[] normalize(ImagePixels image) {
    byte[] bytes = image.bytes();
    float[] values = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      int c = i % channels;
      values[i] = (float) (((bytes[i] & 0xff) / 255.0 - mean[c]) / deviation[c]);
    }
    return values;
  }

  /** Training keeps mean and deviation as floats, so they are rounded to those here too. */
  private static double[] floats(JSONArray array) throws JSONException {
    double[] values = new double[array.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.getDouble(i);
    }
    return values;
  }
}
