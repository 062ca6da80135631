package shallows.train.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.BadInputException;
import shallows.train.TestImages;
import shallows.train.inference.TorchClassifier;

class ComputeTest {
  @Test
  void readsEachForm() {
    assertTrue(Compute.parse("auto", 0).isAuto());
    assertEquals(List.of(), Compute.parse("cpu", 2).gpus());
    assertEquals(List.of(12), Compute.parse("cuda:12", 0).gpus());
    assertEquals(List.of(1, 0), Compute.parse("cuda:1,cuda:0", 0).gpus());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gpu",
        "cuda",
        "cuda:",
        "cuda:x",
        "cuda:0,",
        "cuda:0,1",
        "cuda:0,cuda:0",
        "cpu,cuda:0",
        "CPU"
      })
  void refusesWhatIsNoDevice(String device) {
    BadInputException e = assertThrows(BadInputException.class, () -> Compute.parse(device, 0));
    assertTrue(e.getMessage().contains("'" + device + "'"), e.getMessage());
  }

  @Test
  void refusesFewerThanNoThreads() {
    assertThrows(BadInputException.class, () -> Compute.parse("cpu", -1));
  }

  @Test
  void noGpuIsFoundByALibTorchForTheProcessor() {
    Assumptions.assumeFalse(Engine.getEngine("PyTorch").hasCapability("CUDA"), "is one for GPUs");
    for (String device : List.of("cuda:0", "cuda:3,cuda:0")) {
      Compute compute = Compute.parse(device, 0);
      BadInputException e =
          assertThrows(
              BadInputException.class,
              () -> new TorchClassifier(TestImages.network(1), compute).close());
      assertTrue(e.getMessage().startsWith("device " + device + ": "), e.getMessage());
      assertTrue(e.getMessage().contains("expected a LibTorch for GPUs, found one"), device);
    }
  }
}
