package shallows.demo;

import android.graphics.BitmapFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import shallows.data.decode.ImagePixels;

/** A bundle with its models open. Used by the worker thread alone. */
final class OpenBundle implements AutoCloseable {
  private final ModelBundle bundle;
  private final int threads;
  private final boolean nnapi;
  private final List<LiteModel> models = new ArrayList<>();

  /**
   * @param threads for one operation, at least 1
   * @param nnapi whether the phone's NNAPI computes the models
   * @throws DamagedBundle when a model does not open; nothing is left open then
   */
  OpenBundle(ModelBundle bundle, int threads, boolean nnapi) throws DamagedBundle {
    this.bundle = bundle;
    this.threads = threads;
    this.nnapi = nnapi;
    try {
      for (ModelBundle.Model model : bundle.models()) {
        models.add(new LiteModel(bundle, model, threads, nnapi));
      }
    } catch (DamagedBundle e) {
      close();
      throw e;
    }
  }

  ModelBundle bundle() {
    return bundle;
  }

  /** Whether it computes with what was chosen. */
  boolean isAs(int wantedThreads, boolean wantedNnapi) {
    return threads == wantedThreads && nnapi == wantedNnapi;
  }

  boolean isOnNnapi() {
    return nnapi;
  }

  /**
   * What some of the models say of a picture.
   *
   * @param which indices of models, in the order of the bundle
   */
  List<Answer> answers(ImagePixels picture, List<Integer> which) {
    float[] input = bundle.input().normalize(picture);
    List<Answer> answers = new ArrayList<>();
    for (int model : which) {
      // Once to warm up: the first run of a model also packs its weights.
      models.get(model).logits(input);
      answers.add(timed(model, input));
    }
    return answers;
  }

  /** The same of one model without a warm-up, for one picture of a stream. */
  Answer next(ImagePixels picture, int model) {
    return timed(model, bundle.input().normalize(picture));
  }

  private Answer timed(int model, float[] input) {
    long begin = System.nanoTime();
    float[] logits = models.get(model).logits(input);
    return Answer.of(bundle.models().get(model), logits, (System.nanoTime() - begin) / 1e6);
  }

  /**
   * @param model index in the bundle
   * @param picture as {@link #sample} gives it
   */
  float[] logits(int model, ImagePixels picture) {
    return models.get(model).logits(bundle.input().normalize(picture));
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

  @Override
  public void close() {
    models.forEach(LiteModel::close);
    models.clear();
  }
}
