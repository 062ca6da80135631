package shallows.model.onnx.read;

import shallows.model.Phrase;

/** A file that is not read, with the way out that helps. */
final class RefusedFileException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private final Phrase remedy;

  RefusedFileException(String message, Phrase remedy) {
    super(message);
    this.remedy = remedy;
  }

  Phrase remedy() {
    return remedy;
  }
}
