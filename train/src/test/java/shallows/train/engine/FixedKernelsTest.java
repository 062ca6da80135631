package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.model.BadInputException;

class FixedKernelsTest {
  @Test
  void aProcessorWithoutAvx2IsRefusedByWhatItIs() {
    String with = "model name\t: any\nflags\t\t: fpu avx avx2 bmi2\nbugs\t\t: none\n";
    assertDoesNotThrow(() -> FixedKernels.requireProcessor("amd64", with));
    assertDoesNotThrow(() -> FixedKernels.requireProcessor("x86_64", ""));
    String without = with.replace(" avx2", " avx2_vnni");
    assertEquals(
        "reproducible: expected an x86-64 processor with AVX2, found one without; leave it out",
        refusal("amd64", without));
    assertTrue(refusal("aarch64", with).contains("found aarch64"));
  }

  @Test
  void aProcessIsBegunRightWhereAllVariablesSaySo() {
    Map<String, String> environment = new HashMap<>(FixedKernels.VARIABLES);
    environment.put("HOME", "somewhere");
    assertTrue(FixedKernels.isBegunWith(environment));
    environment.put("MKL_CBWR", "AVX2");
    assertFalse(FixedKernels.isBegunWith(environment));
    assertFalse(FixedKernels.isBegunWith(Map.of()));
  }

  private static String refusal(String architecture, String processor) {
    return assertThrows(
            BadInputException.class, () -> FixedKernels.requireProcessor(architecture, processor))
        .getMessage();
  }
}
