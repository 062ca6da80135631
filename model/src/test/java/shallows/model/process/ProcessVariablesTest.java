package shallows.model.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sun.jna.NativeLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessVariablesTest {
  private static final String NAME = "SHALLOWS_PROCESS_VARIABLES_TEST";

  /** On Windows a library's runtime has a copy of its own, which no call from here shows. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void nativeLibrariesSeeTheLastValueAndJavaNone() {
    ProcessVariables.set(NAME, "one");
    ProcessVariables.set(NAME, "two");
    assertEquals(
        "two",
        NativeLibrary.getProcess().getFunction("getenv").invokeString(new Object[] {NAME}, false));
    assertNull(System.getenv(NAME));
  }
}
