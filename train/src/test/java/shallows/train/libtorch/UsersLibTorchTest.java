package shallows.train.libtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which LibTorch is found and loaded, each in a process of its own, as it is loaded once in each.
 */
class UsersLibTorchTest {
  private static final Path DEBIANS = Path.of("/usr/lib/python3/dist-packages/torch/version.py");

  @TempDir private Path folder;

  private Path nowhere;

  @BeforeEach
  void assumeAPlatformThatGpusAreUsedOn() throws IOException {
    assumeTrue(
        JniLibrary.platform().equals("linux-x86_64") && Files.isExecutable(Path.of("/usr/bin/env")),
        "the processes are made as on Linux, where GPUs can be used");
    nowhere = Files.createDirectory(folder.resolve("nowhere"));
  }

  @Test
  void librariesUnpackedElsewhereComputeTheSame() throws Exception {
    Path libraries = unpack(folder.resolve("libtorch"));
    List<String> usual = run(0, Map.of(), "cpu");
    List<String> elsewhere = run(0, Map.of(Variables.FOLDER, libraries.toString()), "auto");
    assertEquals(libraries.toString(), elsewhere.get(1));
    assertEquals(usual.get(0), elsewhere.get(0));
    assertNotEquals(usual.get(1), elsewhere.get(1));

    // There is one, but not for this device.
    String refusal = refusal(Map.of(Variables.FOLDER, libraries.toString()), "cuda:0");
    assertEquals(
        Variables.FOLDER
            + ": expected LibTorch 2.7.1 for CUDA 12, found 2.7.1 for the processor in "
            + libraries
            + "; name another, or unset it to have one found",
        refusal);
  }

  @Test
  void thePythonOnThePathIsAskedForItsPyTorch() throws Exception {
    Path torch = Files.createDirectories(folder.resolve("packages/torch"));
    Files.writeString(
        torch.resolve("version.py"), "__version__ = '2.7.1+cu126'\ncuda: Optional[str] = '12.6'\n");
    Files.createFile(torch.resolve("__init__.py"));
    Path libraries = Files.createDirectory(torch.resolve("lib"));
    for (String name : List.of("c10", "torch_cpu", "torch_cuda", "c10_cuda", "torch")) {
      Files.createFile(libraries.resolve(System.mapLibraryName(name)));
    }
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "no python3");
    // Chosen and handed to the system, which finds that these are no libraries.
    String refusal =
        refusal(Map.of("PATH", "/usr/bin", "PYTHONPATH", torch.getParent().toString()), "cuda:0");
    assertTrue(refusal.startsWith(libraries + ": this LibTorch cannot be loaded ("), refusal);
    assertTrue(refusal.contains("file too short"), refusal);
  }

  @Test
  void aPythonWithAnotherVersionIsNamed() throws Exception {
    assumeTrue(Files.exists(DEBIANS), "needs Debian's python3-torch");
    String refusal = refusal(Map.of("PATH", "/usr/bin"), "cuda:0");
    assertTrue(
        refusal.startsWith("device cuda:0: expected LibTorch 2.7.1 for CUDA 12, found 1."),
        refusal);
    assertTrue(refusal.contains(" for the processor in " + DEBIANS.resolveSibling("lib")), refusal);
    assertTrue(refusal.contains("pip install torch==2.7.1"), refusal);
  }

  @Test
  void withoutAPythonItSaysWhatToInstallAndCallsNobody() throws Exception {
    try (Proxy proxy = new Proxy()) {
      String refusal = refusal(Map.of("PATH", nowhere.toString()), proxy, "cuda:0");
      assertTrue(refusal.contains("found no python3 on the PATH; install it with"), refusal);
      assertTrue(refusal.endsWith("with downloadTorch"), refusal);
      assertFalse(proxy.asked.isDone());
    }
  }

  @Test
  void itIsDownloadedWhereThatIsAllowed() throws Exception {
    try (Proxy proxy = new Proxy()) {
      String refusal = refusal(Map.of("PATH", nowhere.toString()), proxy, "cuda:0", "download");
      assertEquals("CONNECT publish.djl.ai:443 HTTP/1.1", proxy.asked.get(1, TimeUnit.MINUTES));
      assertTrue(refusal.contains("LibTorch cannot be downloaded or loaded ("), refusal);
      assertTrue(refusal.contains("pip install torch==2.7.1"), refusal);
    }
  }

  /** The way out of a process to the network, which hears where it wants to and ends there. */
  private static final class Proxy implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CompletableFuture<String> asked = new CompletableFuture<>();

    private Proxy() throws IOException {
      Thread thread = new Thread(this::answer);
      thread.setDaemon(true);
      thread.start();
    }

    private void answer() {
      while (!socket.isClosed()) {
        try (Socket caller = socket.accept();
            BufferedReader in =
                new BufferedReader(
                    new InputStreamReader(caller.getInputStream(), StandardCharsets.UTF_8))) {
          asked.complete(in.readLine());
        } catch (IOException e) {
          // Closed, by the test or by the caller.
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private String refusal(Map<String, String> environment, String... arguments) throws Exception {
    return run(LibTorchUser.REFUSED, environment, arguments).get(0);
  }

  /** With a cache of DJL's in which nothing is. */
  private String refusal(Map<String, String> environment, Proxy proxy, String... arguments)
      throws Exception {
    Map<String, String> all = new HashMap<>(environment);
    all.put("DJL_CACHE_DIR", nowhere.toString());
    all.put(
        "JDK_JAVA_OPTIONS",
        "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=" + proxy.socket.getLocalPort());
    return run(LibTorchUser.REFUSED, all, arguments).get(0);
  }

  /** The lines that it prints. */
  private List<String> run(int status, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add(LibTorchUser.class.getName());
    command.addAll(List.of(arguments));
    Path said = folder.resolve("said");
    Path errors = folder.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.matches("(PYTORCH|PYTHON|DJL)_?.*"));
    builder.environment().putAll(environment);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.redirectOutput(said.toFile()).redirectError(errors.toFile()).start();
    assertEquals(status, process.waitFor(), () -> text(said) + text(errors));
    return Files.readAllLines(said);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** As an archive of LibTorch lies there; the libraries are those of Maven's. */
  private static Path unpack(Path archive) throws IOException {
    Path libraries = Files.createDirectories(archive.resolve("lib"));
    ClassLoader loader = UsersLibTorchTest.class.getClassLoader();
    Properties properties = new Properties();
    try (InputStream in = loader.getResourceAsStream("native/lib/pytorch.properties")) {
      properties.load(in);
    }
    String place =
        "pytorch/" + properties.getProperty("flavor") + "/" + properties.getProperty("classifier");
    for (String library : properties.getProperty("libraries").split(",")) {
      URL url = loader.getResource(place + "/" + library);
      try (InputStream in = url.openStream()) {
        Files.copy(in, libraries.resolve(library));
      }
    }
    Files.writeString(archive.resolve("build-version"), JniLibrary.version() + "+cpu\n");
    return libraries;
  }
}
