package shallows.export.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;

/** Serves a page, and nothing else that lies in its folder, until it is closed. */
public final class WebServer implements AutoCloseable {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;

  /** By the ending of a name; what a browser is strict about are modules, WebAssembly and style. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("wasm", "application/wasm"),
          Map.entry("png", "image/png"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          // Shown instead of saved.
          Map.entry("md", "text/plain; charset=utf-8"));

  private final HttpServer server;

  /** One that reads slowly keeps nobody else waiting. */
  private final ExecutorService answering =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "web");
            thread.setDaemon(true);
            return thread;
          });

  private final Path folder;
  private final Set<String> files;

  private WebServer(HttpServer server, WebPage page) {
    this.server = server;
    this.folder = page.folder();
    this.files = Set.copyOf(page.files());
  }

  /**
   * @param host of this machine, the loopback address for nobody else
   * @param port 0 for any that is free
   * @throws BadInputException when it is taken or not to be had
   */
  public static WebServer start(WebPage page, InetAddress host, int port) {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
      WebServer web = new WebServer(server, page);
      server.createContext("/", web::answer);
      server.setExecutor(web.answering);
      server.start();
      return web;
    } catch (IOException e) {
      throw new BadInputException(
          Setting.PORT,
          "a free port of this machine",
          port + " at " + host.getHostAddress() + " (" + e.getMessage() + ")",
          Phrase.of("choose another %s or %s", Setting.PORT, Setting.HOST),
          e);
    }
  }

  /** What a browser on this machine opens. */
  public URI address() {
    InetSocketAddress bound = server.getAddress();
    InetAddress host = bound.getAddress();
    boolean everywhere = host.isAnyLocalAddress() || host.isLoopbackAddress();
    String name = everywhere ? "localhost" : host.getHostAddress();
    return URI.create(
        "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + bound.getPort() + "/");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean head = exchange.getRequestMethod().equals("HEAD");
      if (!head && !exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(NOT_ALLOWED, -1);
        return;
      }
      String asked = exchange.getRequestURI().getPath().substring(1);
      String name = asked.isEmpty() ? WebPage.INDEX : asked;
      if (!files.contains(name)) {
        exchange.sendResponseHeaders(NOT_FOUND, -1);
        return;
      }
      byte[] content = Files.readAllBytes(folder.resolve(name));
      describe(exchange.getResponseHeaders(), name);
      exchange.sendResponseHeaders(OK, head ? -1 : content.length);
      if (!head) {
        exchange.getResponseBody().write(content);
      }
    }
  }

  private static void describe(Headers headers, String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    headers.set("Content-Type", TYPES.getOrDefault(ending, "application/octet-stream"));
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cache-Control", "no-cache");
    // Alone in its process, a page gets a clock that tells microseconds.
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Embedder-Policy", "require-corp");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
  }

  @Override
  public void close() {
    server.stop(0);
    answering.shutdownNow();
  }
}
