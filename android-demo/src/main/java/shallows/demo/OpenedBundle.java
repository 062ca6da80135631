package shallows.demo;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import shallows.data.decode.ImagePixels;

/**
 * What a screen shows of a bundle that was just opened.
 *
 * @param samples as the network sees them
 * @param earlier the picture that was shown in an earlier life of the screen; null where there is
 *     none, or one for another bundle
 */
record OpenedBundle(ModelBundle bundle, List<ImagePixels> samples, ImagePixels earlier) {

  /**
   * Reads the pictures; not for the main thread.
   *
   * @param cache where an earlier picture may lie; null if none is wanted
   */
  static OpenedBundle of(OpenBundle open, File cache) throws DamagedBundle {
    List<ImagePixels> samples = new ArrayList<>();
    for (ModelBundle.Sample sample : open.bundle().samples()) {
      samples.add(open.sample(sample));
    }
    ImagePixels earlier = cache == null ? null : earlier(cache, open.bundle().input());
    return new OpenedBundle(open.bundle(), samples, earlier);
  }

  private static ImagePixels earlier(File cache, NetworkInput input) {
    try {
      ImagePixels earlier = PictureFile.shown(cache).read();
      return input.takes(earlier) ? earlier : null;
    } catch (IOException e) {
      return null;
    }
  }
}
