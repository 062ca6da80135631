package shallows.export.readers;

import com.google.gson.Gson;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import shallows.model.graph.Shape;

/** Serves {@code litert.html}, what it runs and what it runs it with, and takes its results. */
final class LiteRtPage implements AutoCloseable {
  private final HttpServer server;
  private final Path readers;
  private final BlockingQueue<String> results = new LinkedBlockingQueue<>();

  /** What the page asks for first. */
  private record Work(List<String> files, int count, int[] shape) {}

  /**
   * @param readers the folder of the page, with its modules
   * @param files to run, by any name
   * @param images channels last
   * @param image {@code (C, H, W)}
   */
  LiteRtPage(Path readers, Map<String, Path> files, byte[] images, int count, Shape image)
      throws IOException {
    this.readers = readers.toRealPath();
    int[] shape = {1, image.dimension(1), image.dimension(2), image.dimension(0)};
    Work work = new Work(files.values().stream().map(Path::toString).toList(), count, shape);
    byte[] described = new Gson().toJson(work).getBytes(StandardCharsets.UTF_8);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::file);
    server.createContext("/files", exchange -> answer(exchange, described, "application/json"));
    server.createContext("/images", exchange -> answer(exchange, images, "application/wasm"));
    server.createContext(
        "/file/",
        exchange -> {
          // A path of ours, percent-encoded by the page and decoded by the URI.
          Path file = Path.of(exchange.getRequestURI().getPath().substring("/file/".length()));
          if (files.containsValue(file)) {
            answer(exchange, Files.readAllBytes(file), "application/octet-stream");
          } else {
            exchange.sendResponseHeaders(404, -1);
          }
        });
    server.createContext(
        "/result",
        exchange -> {
          byte[] line = exchange.getRequestBody().readAllBytes();
          results.add(new String(line, StandardCharsets.UTF_8));
          answer(exchange, new byte[0], "text/plain");
        });
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/litert.html";
  }

  /** Waits for what the page has to say. */
  List<String> lines(int seconds) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    for (String line = next(seconds); !line.isEmpty(); line = next(seconds)) {
      lines.add(line);
    }
    return lines;
  }

  private String next(int seconds) throws InterruptedException {
    String line = results.poll(seconds, TimeUnit.SECONDS);
    return line == null ? "" : line;
  }

  private void file(HttpExchange exchange) throws IOException {
    URI asked = exchange.getRequestURI();
    Path file = readers.resolve(asked.getPath().substring(1)).normalize();
    if (!file.startsWith(readers) || !Files.isRegularFile(file)) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    String name = file.toString();
    answer(
        exchange,
        Files.readAllBytes(file),
        name.endsWith(".html")
            ? "text/html"
            : name.endsWith(".wasm") ? "application/wasm" : "text/javascript");
  }

  private static void answer(HttpExchange exchange, byte[] content, String type)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
    exchange.getResponseBody().write(content);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
