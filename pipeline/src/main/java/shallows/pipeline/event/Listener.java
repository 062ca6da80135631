package shallows.pipeline.event;

import shallows.model.progress.Progress;

/** Hears what a run does. */
public interface Listener {
  /** Hears nothing. */
  Listener SILENT = event -> {};

  void hear(Event event);

  /** Hears how far the work is, and no events. */
  static Listener of(Progress progress) {
    return new Listener() {
      @Override
      public void hear(Event event) {}

      @Override
      public Progress progress() {
        return progress;
      }
    };
  }

  /** Hears how far the work is. */
  default Progress progress() {
    return Progress.SILENT;
  }
}
