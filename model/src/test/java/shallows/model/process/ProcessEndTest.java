package shallows.model.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "on_exit is of the C library of GNU")
class ProcessEndTest {
  private static final int STATUS = 7;
  private static final String PREPARED = "prepared";

  /** A process in which taking down a library is a crash, and that is stopped. */
  public static void main(String[] arguments) {
    NativeLibrary process = NativeLibrary.getProcess();
    process.getFunction("on_exit").invokeInt(new Object[] {process.getFunction("abort"), null});
    if (arguments[0].equals(PREPARED)) {
      ProcessEnd.prepare();
    }
    Runtime.getRuntime().addShutdownHook(new Thread(ProcessEnd::keepLibraries));
    System.exit(STATUS);
  }

  @Test
  void librariesAreNotTakenDownAndTheStatusStays() throws Exception {
    assertEquals(STATUS, status(PREPARED));
  }

  @Test
  void unpreparedItEndsAsJavaEndsIt() throws Exception {
    assertNotEquals(STATUS, status("unprepared"));
  }

  private static int status(String prepared) throws Exception {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "-cp",
                System.getProperty("java.class.path"),
                ProcessEndTest.class.getName(),
                prepared))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
