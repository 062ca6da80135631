package shallows.apk;

import com.android.tools.r8.Diagnostic;
import com.android.tools.r8.DiagnosticsHandler;

/** Of d8's remarks only the errors: javacpp mentions build tools that no phone has. */
final class OnlyErrors implements DiagnosticsHandler {
  @Override
  public void warning(Diagnostic warning) {
    // Classes of javacpp's own builder refer to Maven and OSGi; the app never loads them.
  }

  @Override
  public void info(Diagnostic info) {
    // As above.
  }
}
