package shallows.export;

/**
 * A kind of file that a network can be written as.
 *
 * @param precision which exists in the format
 */
public record FileForm(ExportPrecision precision, ExportFormat format) {
  /** How the names of such files end, for example {@code "int8.tflite"}. */
  String ending() {
    return precision.label() + "." + format.label();
  }
}
