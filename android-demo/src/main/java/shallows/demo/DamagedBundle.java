package shallows.demo;

/** A bundle that cannot be used; the message says why, for whoever chose it. */
final class DamagedBundle extends Exception {
  private static final long serialVersionUID = 1L;

  DamagedBundle(String message) {
    super(message);
  }

  DamagedBundle(String message, Throwable cause) {
    super(message, cause);
  }
}
