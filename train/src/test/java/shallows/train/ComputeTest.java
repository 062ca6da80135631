package shallows.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.BadInputException;

class ComputeTest {
  @Test
  void readsTheThreeForms() {
    assertTrue(Compute.parse("auto", 0).isAuto());
    assertEquals(-1, Compute.parse("cpu", 2).gpu());
    assertEquals(12, Compute.parse("cuda:12", 0).gpu());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "cuda", "cuda:", "cuda:x", "cuda:0,cuda:1", "CPU"})
  void refusesWhatIsNoDevice(String device) {
    BadInputException e = assertThrows(BadInputException.class, () -> Compute.parse(device, 0));
    assertTrue(e.getMessage().contains("'" + device + "'"), e.getMessage());
  }

  @Test
  void refusesFewerThanNoThreads() {
    assertThrows(BadInputException.class, () -> Compute.parse("cpu", -1));
  }

  @Test
  void namesAGpuThatIsNotThere() {
    Assumptions.assumeTrue(Engine.getEngine("PyTorch").getGpuCount() == 0, "has a GPU");
    Compute compute = Compute.parse("cuda:0", 0);
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () -> new TorchClassifier(TestImages.network(1), compute).close());
    assertTrue(e.getMessage().startsWith("--device cuda:0: "), e.getMessage());
  }
}
