package shallows.data.download;

import java.io.IOException;

/** A file did not come; the message says in a few words why. */
public final class DownloadException extends IOException {
  private static final long serialVersionUID = 1;

  DownloadException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
