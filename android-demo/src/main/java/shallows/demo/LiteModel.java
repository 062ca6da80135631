package shallows.demo;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import shallows.export.runtime.TfliteEdge;

/** A model in TFLite, read where its file lies. Used by one thread at a time. */
final class LiteModel implements AutoCloseable {
  private final Engine engine;
  private final int classes;
  private final TfliteEdge input;
  private final TfliteEdge output;

  /**
   * @param threads for one operation, at least 1
   * @param nnapi whether the phone's NNAPI computes it
   */
  LiteModel(ModelBundle bundle, ModelBundle.Model file, int threads, boolean nnapi)
      throws DamagedBundle {
    MappedByteBuffer mapped;
    try {
      mapped = bundle.files().map(file.file());
    } catch (IOException e) {
      throw new DamagedBundle(file.file() + " is missing", e);
    }
    classes = bundle.labels().size();
    engine =
        nnapi
            ? new NnapiEngine(mapped, file.file(), threads)
            : new XnnpackEngine(mapped, file.file(), threads);
    input = new TfliteEdge(engine::input);
    output = new TfliteEdge(engine::output);
    NetworkInput given = bundle.input();
    if (!input.holdsNumbers()
        || !output.holdsNumbers()
        || size(input) != (long) given.channels() * given.height() * given.width()
        || size(output) != classes) {
      close();
      throw new DamagedBundle(file.file() + " is not the model that model.json describes");
    }
  }

  private static long size(TfliteEdge edge) {
    long size = 1;
    for (int dimension : edge.shape()) {
      size *= dimension;
    }
    return size;
  }

  /**
   * @param image {@code (H, W, C)}, normalized
   */
  float[] logits(float[] image) {
    input.put(image, 0, image.length);
    if (!engine.invoke()) {
      throw new IllegalStateException("TFLite failed");
    }
    float[] logits = new float[classes];
    output.get(logits);
    return logits;
  }

  @Override
  public void close() {
    engine.close();
  }
}
