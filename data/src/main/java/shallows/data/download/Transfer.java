package shallows.data.download;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection that brings a file, or the rest of one (RFC 9110, section 14: range requests).
 * {@link HttpURLConnection} and not the newer client, because it gives up on a server that falls
 * silent in the middle of a file.
 */
final class Transfer implements AutoCloseable {
  private static final int CONNECT_MS = 10_000;
  private static final int SILENCE_MS = 30_000;
  private static final int MOST_REDIRECTS = 5;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Pattern RANGE = Pattern.compile("bytes (?:(\\d+)-\\d+|\\*)/(\\d+|\\*)");

  private final HttpURLConnection connection;

  /** Where the bytes that come belong. */
  private final long start;

  /** Of the whole file; -1 where the server does not say. */
  private final long total;

  private Transfer(HttpURLConnection connection, long start, long total) {
    this.connection = connection;
    this.start = start;
    this.total = total;
  }

  /** Hears of bytes. */
  @FunctionalInterface
  interface Arrival {
    /**
     * @param more bytes since the last call
     * @param all bytes of the file that are here
     */
    void came(int more, long all);
  }

  /** The connection failed or ended early; the message says why in a few words. */
  static final class BrokenException extends IOException {
    private static final long serialVersionUID = 1;

    BrokenException(String reason, Throwable cause) {
      super(reason, cause);
    }
  }

  /**
   * @param have bytes from the beginning that are here already
   */
  static Transfer open(URI address, long have) throws BrokenException {
    try {
      HttpURLConnection connection = connect(address, have);
      int status = connection.getResponseCode();
      Matcher range = RANGE.matcher(String.valueOf(connection.getHeaderField("Content-Range")));
      boolean known = range.matches() && !range.group(2).equals("*");
      long whole = known ? Long.parseLong(range.group(2)) : -1;
      if (status == PARTIAL && range.matches() && Long.toString(have).equals(range.group(1))) {
        return new Transfer(connection, have, whole);
      }
      if (status == HttpURLConnection.HTTP_OK) {
        return new Transfer(connection, 0, connection.getContentLengthLong());
      }
      if (status == RANGE_NOT_SATISFIABLE && have > 0) {
        connection.disconnect();
        // Nothing is left to send where all is here; otherwise what is here is of another file.
        return whole == have ? new Transfer(null, have, whole) : open(address, 0);
      }
      connection.disconnect();
      throw new BrokenException("HTTP status " + status + " from " + address, null);
    } catch (BrokenException e) {
      throw e;
    } catch (IOException e) {
      throw new BrokenException(reason(address, e), e);
    } catch (IllegalArgumentException e) {
      // A redirect to what is no address, or a range of no number.
      throw new BrokenException(address.getAuthority() + ": an answer that makes no sense", e);
    }
  }

  /** By hand, since the class itself follows no redirect from http to https. */
  private static HttpURLConnection connect(URI address, long have) throws IOException {
    URI next = address;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      if (!(next.toURL().openConnection() instanceof HttpURLConnection connection)) {
        throw new BrokenException("an address that is not http: " + next, null);
      }
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout(CONNECT_MS);
      connection.setReadTimeout(SILENCE_MS);
      connection.setRequestProperty("User-Agent", "shallows");
      if (have > 0) {
        connection.setRequestProperty("Range", "bytes=" + have + "-");
      }
      if (!REDIRECTS.contains(connection.getResponseCode())) {
        return connection;
      }
      String location = connection.getHeaderField("Location");
      connection.disconnect();
      if (location == null) {
        throw new BrokenException("a redirect to nowhere from " + next, null);
      }
      next = next.resolve(location);
    }
    throw new BrokenException("more than " + MOST_REDIRECTS + " redirects from " + address, null);
  }

  /** Whether what is here of the file is of no use to this connection. */
  boolean startsAnew() {
    return start == 0;
  }

  /** Bytes of the whole file, -1 where the server does not say. */
  long total() {
    return total;
  }

  /**
   * @param arrival hears of what was written
   * @throws BrokenException when the server stops early; what came is written
   * @throws IOException when writing fails
   */
  void copyTo(FileChannel file, Arrival arrival) throws IOException {
    long position = start;
    if (connection != null) {
      byte[] buffer = new byte[1 << 16];
      try (InputStream in = connection.getInputStream()) {
        for (int read = read(in, buffer); read >= 0; read = read(in, buffer)) {
          ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
          while (bytes.hasRemaining()) {
            position += file.write(bytes, position);
          }
          arrival.came(read, position);
        }
      }
    }
    if (total >= 0 && position != total) {
      throw new BrokenException(
          "the connection ended after " + position + " of " + total + " bytes", null);
    }
  }

  private int read(InputStream in, byte[] buffer) throws BrokenException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new BrokenException(reason(URI.create(connection.getURL().toString()), e), e);
    }
  }

  private static String reason(URI address, IOException e) {
    if (e instanceof UnknownHostException) {
      return "no network, or no host " + address.getHost();
    }
    if (e instanceof ConnectException || e instanceof SocketTimeoutException) {
      return "no answer from " + address.getAuthority();
    }
    return address.getAuthority() + ": " + (e.getMessage() == null ? e.getClass() : e.getMessage());
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.disconnect();
    }
  }
}
