package shallows.model.process;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/**
 * The environment variables of this process, as its native libraries see them: the only way to tell
 * some of them what to do before they are loaded.
 */
public final class ProcessVariables {
  private static final int REPLACE = 1;

  private ProcessVariables() {}

  /**
   * Java itself, which has read its variables before, goes on seeing the old value.
   *
   * @throws UnsatisfiedLinkError when the system's function cannot be called
   */
  public static void set(String name, String value) {
    boolean set =
        Platform.isWindows()
            ? Function.getFunction("kernel32", "SetEnvironmentVariableA")
                    .invokeInt(new Object[] {name, value})
                != 0
            : NativeLibrary.getProcess()
                    .getFunction("setenv")
                    .invokeInt(new Object[] {name, value, REPLACE})
                == 0;
    if (!set) {
      throw new UnsatisfiedLinkError("the system refuses to set " + name);
    }
  }
}
