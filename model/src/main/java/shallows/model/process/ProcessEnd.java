package shallows.model.process;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/**
 * The end of a process that is stopped while its threads are inside native libraries. Java leaves
 * by the C function {@code exit}, which first takes down what those libraries have set up; threads
 * that still compute with it now and then crash, and a crash is what the user would read of. What
 * {@code exit} calls last registered first can be a call of {@code _exit}: then nothing is taken
 * down, and the system gets back everything at once.
 *
 * <p>It needs {@code on_exit}, whose functions are told the status, as the C library of GNU has it.
 * Elsewhere a process ends as Java ends it.
 */
public final class ProcessEnd {
  /** Null until a native library was loaded, and where there is none. */
  private static volatile Functions functions;

  private record Functions(Function register, Function leave) {}

  private ProcessEnd() {}

  /**
   * Looks for what {@link #keepLibraries} needs. For whoever has loaded a native library that
   * computes in threads: in a process that is ending, nothing can be looked for.
   */
  public static void prepare() {
    if (functions == null) {
      try {
        NativeLibrary process = NativeLibrary.getProcess();
        functions = new Functions(process.getFunction("on_exit"), process.getFunction("_exit"));
      } catch (UnsatisfiedLinkError e) {
        // Another C library.
      }
    }
  }

  /**
   * Has native libraries stay as they are when the process ends, if that was prepared. Last of all:
   * what was registered with the C library before is not called.
   */
  public static void keepLibraries() {
    Functions found = functions;
    if (found != null) {
      found.register.invokeInt(new Object[] {found.leave, null});
    }
  }
}
