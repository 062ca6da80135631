package shallows.pipeline.folder;

import shallows.model.Expect;

/**
 * Some of the images of a run, so that it is noticed when they are no longer the same.
 *
 * @param count how many
 * @param hash of their pixels, labels and classes, hexadecimal
 */
public record ImagePart(int count, String hash) {
  public ImagePart {
    Expect.atLeast(0, "count", count);
    Expect.text("hash", hash);
  }

  @Override
  public String toString() {
    return count + " (" + hash + ")";
  }
}
