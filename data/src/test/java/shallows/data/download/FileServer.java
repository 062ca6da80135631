package shallows.data.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves files from memory over HTTP on this machine, and misbehaves where it is told to. */
public final class FileServer implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

  private final HttpServer server;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, Integer> cuts = new ConcurrentHashMap<>();
  private final Map<String, String> redirects = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile boolean ranges = true;

  public FileServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** The address before the names of the files. */
  public String folder() {
    return "http://"
        + server.getAddress().getHostString()
        + ":"
        + server.getAddress().getPort()
        + "/";
  }

  public URI address(String name) {
    return URI.create(folder() + name);
  }

  public void put(String name, byte[] content) {
    files.put(name, content);
  }

  /** Closes each connection for this file after so many bytes. */
  public void cutAfter(String name, int bytes) {
    cuts.put(name, bytes);
  }

  public void redirect(String from, String to) {
    redirects.put(from, to);
  }

  /** Answers every request with the whole file, as simple servers do. */
  public void ignoreRanges() {
    ranges = false;
  }

  /** Each request so far: the name, and the range where one was asked for. */
  public List<String> requests() {
    return requests;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring(1);
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(range == null ? name : name + " " + range);
    try (exchange) {
      if (redirects.containsKey(name)) {
        exchange.getResponseHeaders().set("Location", redirects.get(name));
        exchange.sendResponseHeaders(302, -1);
        return;
      }
      byte[] content = files.get(name);
      if (content == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      int from = 0;
      if (range != null && ranges) {
        Matcher matcher = RANGE.matcher(range);
        from = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        if (from >= content.length) {
          exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
          exchange.sendResponseHeaders(416, -1);
          return;
        }
        exchange
            .getResponseHeaders()
            .set(
                "Content-Range",
                "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        exchange.sendResponseHeaders(206, content.length - from);
      } else {
        exchange.sendResponseHeaders(200, content.length);
      }
      int length = Math.min(content.length - from, cuts.getOrDefault(name, Integer.MAX_VALUE));
      OutputStream body = exchange.getResponseBody();
      body.write(content, from, length);
      body.flush();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
