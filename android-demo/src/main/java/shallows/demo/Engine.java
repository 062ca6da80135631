package shallows.demo;

import org.bytedeco.tensorflowlite.TfLiteTensor;

/** What computes an opened model. Used by one thread at a time. */
interface Engine extends AutoCloseable {
  /** Asked each time, as the runtime moves its tensors. */
  TfLiteTensor input();

  TfLiteTensor output();

  /** Whether it computed the output of the input. */
  boolean invoke();

  @Override
  void close();
}
