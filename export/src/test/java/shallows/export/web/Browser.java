package shallows.export.web;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import shallows.model.BrowserProgram;

/** Chromium without a window, led by its DevTools protocol. */
final class Browser implements AutoCloseable {
  /** Far more than anything takes; what hangs shall fail. */
  private static final int SECONDS = 90;

  private static final String LISTENING = "DevTools listening on ";

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
  private final List<JsonObject> events = new CopyOnWriteArrayList<>();
  private String session;

  /**
   * Where there is none, the test is skipped.
   *
   * @param folder for its profile
   */
  static Browser startOrSkip(Path folder, String... flags) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                BrowserProgram.orSkip().toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder));
    command.addAll(List.of(flags));
    command.add("about:blank");
    return new Browser(
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
  }

  private Browser(Process process) throws Exception {
    this.process = process;
    try {
      socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(listening(process), new Messages())
              .get(SECONDS, TimeUnit.SECONDS);
      String target =
          call("Target.createTarget", Map.of("url", "about:blank")).get("targetId").getAsString();
      session =
          call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
              .get("sessionId")
              .getAsString();
      for (String domain : List.of("Page", "Runtime", "Log", "Network", "DOM")) {
        call(domain + ".enable", Map.of());
      }
    } catch (Exception e) {
      end();
      throw e;
    }
  }

  /** What it says on standard error, until it says where it listens; the rest is read away. */
  private static URI listening(Process process) throws IOException {
    BufferedReader errors =
        new BufferedReader(
            new java.io.InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    String line = errors.readLine();
    while (line != null && !line.startsWith(LISTENING)) {
      line = errors.readLine();
    }
    if (line == null) {
      throw new IOException("the browser ended");
    }
    Thread reader =
        new Thread(
            () -> {
              try {
                errors.transferTo(java.io.Writer.nullWriter());
              } catch (IOException e) {
                // It was ended.
              }
            });
    reader.setDaemon(true);
    reader.start();
    return URI.create(line.substring(LISTENING.length()).strip());
  }

  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        JsonObject message = JsonParser.parseString(text.toString()).getAsJsonObject();
        text.setLength(0);
        if (message.has("id")) {
          answers.remove(message.get("id").getAsInt()).complete(message);
        } else {
          events.add(message);
        }
      }
      from.request(1);
      return null;
    }
  }

  /** Calls a method of the protocol. */
  JsonObject call(String method, Map<String, Object> parameters) throws Exception {
    int id = calls.incrementAndGet();
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    answers.put(id, answer);
    JsonObject message = new JsonObject();
    message.addProperty("id", id);
    message.addProperty("method", method);
    message.add("params", new Gson().toJsonTree(parameters));
    if (session != null && !method.startsWith("Target.") && !method.startsWith("Browser.")) {
      message.addProperty("sessionId", session);
    }
    socket.sendText(message.toString(), true).get(SECONDS, TimeUnit.SECONDS);
    JsonObject found = answer.get(SECONDS, TimeUnit.SECONDS);
    if (found.has("error")) {
      throw new IOException(method + ": " + found.get("error"));
    }
    return found.getAsJsonObject("result");
  }

  /** Goes to a page of ours and waits until it is ready. */
  void open(URI page) throws Exception {
    call("Page.navigate", Map.of("url", page.toString()));
    until("document.body && document.body.dataset.ready");
  }

  /** The value of an expression, or of what a promise gives; throws what the page throws. */
  JsonElement evaluate(String expression) throws Exception {
    JsonObject found =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (found.has("exceptionDetails")) {
      throw new IOException(found.get("exceptionDetails").toString());
    }
    JsonElement value = found.getAsJsonObject("result").get("value");
    return value == null ? com.google.gson.JsonNull.INSTANCE : value;
  }

  String text(String expression) throws Exception {
    return evaluate(expression).getAsString();
  }

  /** Waits until an expression holds. */
  void until(String condition) throws Exception {
    evaluate(
        "new Promise((done) => { const look = () => ("
            + condition
            + ") ? done(true) : setTimeout(look, 10); look(); })");
  }

  /** What was complained of and asked for so far is of no more interest. */
  void forget() {
    events.clear();
  }

  /**
   * What the page or the browser complained of: exceptions, and what the security policy stopped.
   */
  List<String> complaints() {
    return events.stream()
        .filter(
            event ->
                event.get("method").getAsString().equals("Runtime.exceptionThrown")
                    || event.get("method").getAsString().equals("Log.entryAdded"))
        .map(JsonObject::toString)
        .toList();
  }

  /** The addresses that were asked for. */
  List<String> requests() {
    return events.stream()
        .filter(event -> event.get("method").getAsString().equals("Network.requestWillBeSent"))
        .map(
            event ->
                event.getAsJsonObject("params").getAsJsonObject("request").get("url").getAsString())
        .toList();
  }

  @Override
  public void close() {
    end();
  }

  private void end() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly().onExit().join();
    // They write into the profile, which is removed next.
    for (ProcessHandle child : children) {
      child.destroyForcibly();
      child.onExit().join();
    }
  }
}
