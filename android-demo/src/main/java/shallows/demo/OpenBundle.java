package shallows.demo;

import android.graphics.BitmapFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import shallows.model.images.ImagePixels;

/** A bundle with its models open. Used by the worker thread alone. */
final class OpenBundle implements AutoCloseable {
  /**
   * How far logits may lie from the recorded ones: another processor adds the same products in
   * another order, and an int8 output may be off by one step of its scale, a few hundredths of the
   * largest logit.
   */
  private static final double TOLERANCE = 0.05;

  private final ModelBundle bundle;
  private final List<LiteModel> models = new ArrayList<>();

  /**
   * @throws DamagedBundle when a model does not open; nothing is left open then
   */
  OpenBundle(ModelBundle bundle) throws DamagedBundle {
    this.bundle = bundle;
    try {
      for (ModelBundle.Model model : bundle.models()) {
        models.add(new LiteModel(bundle, model, 1));
      }
    } catch (DamagedBundle e) {
      close();
      throw e;
    }
  }

  ModelBundle bundle() {
    return bundle;
  }

  /** Every model on the same picture, in the order of the bundle. */
  List<Answer> answers(ImagePixels picture) {
    float[] input = bundle.input().normalize(picture);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      // Once to warm up: the first run of a model also packs its weights.
      models.get(i).logits(input);
      long begin = System.nanoTime();
      float[] logits = models.get(i).logits(input);
      answers.add(Answer.of(bundle.models().get(i), logits, (System.nanoTime() - begin) / 1e6));
    }
    return answers;
  }

  /** A sample as the network sees it. */
  ImagePixels sample(ModelBundle.Sample sample) throws DamagedBundle {
    try {
      byte[] file = bundle.files().read(sample.file());
      BitmapFactory.Options options = Pictures.exact();
      var bitmap = BitmapFactory.decodeByteArray(file, 0, file.length, options);
      if (bitmap == null) {
        throw new DamagedBundle(sample.file() + " is no picture");
      }
      return bundle.input().fit(Pictures.pixels(bitmap));
    } catch (IOException e) {
      throw new DamagedBundle(sample.file() + " is missing", e);
    }
  }

  /**
   * Whether every model gives the outputs that were recorded when it was verified.
   *
   * @throws DamagedBundle saying which does not
   */
  void check() throws DamagedBundle {
    for (ModelBundle.Sample sample : bundle.samples()) {
      float[] input = bundle.input().normalize(sample(sample));
      for (int i = 0; i < models.size(); i++) {
        String file = bundle.models().get(i).file();
        Map<String, float[]> recorded = sample.logits();
        if (!recorded.containsKey(file)) {
          throw new DamagedBundle("no outputs of " + file + " for " + sample.file());
        }
        compare(file, sample.file(), recorded.get(file), models.get(i).logits(input));
      }
    }
  }

  private static void compare(String file, String sample, float[] expected, float[] found)
      throws DamagedBundle {
    double largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int c = 0; c < expected.length; c++) {
      // Written so that NaN fails.
      if (!(Math.abs(expected[c] - found[c]) <= TOLERANCE * largest)) {
        throw new DamagedBundle(
            file + " gives " + found[c] + " for " + sample + ", verified was " + expected[c]);
      }
    }
  }

  @Override
  public void close() {
    models.forEach(LiteModel::close);
    models.clear();
  }
}
