package shallows.export.runtime;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.Reporter_Pointer_BytePointer_Pointer;

/**
 * Keeps TFLite from writing its complaints to the error stream, below the progress bar of whoever
 * asked; they come back as a status, and the exception names the file.
 */
final class SilentReporter extends Reporter_Pointer_BytePointer_Pointer {
  @Override
  public void call(Pointer userData, BytePointer format, Pointer arguments) {}
}
