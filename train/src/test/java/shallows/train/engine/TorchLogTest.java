package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import shallows.train.options.Compute;

class TorchLogTest {
  /** Of {@code INFO}, {@code WARNING}, {@code ERROR} and {@code FATAL}, from 0. */
  private static final int ERROR = 2;

  @Test
  void theLevelInTheEnvironmentHolds() {
    assumeTrue("ERROR".equals(System.getenv("TORCH_CPP_LOG_LEVEL")), "the build sets it");
    Torch.manager(Compute.cpu(1)).close();
    assertEquals(
        ERROR, TorchLog.library().getGlobalVariableAddress("FLAGS_caffe2_log_level").getInt(0));
  }
}
