package shallows.cli.command;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shallows.cli.terminal.Console;
import shallows.export.web.WebPage;
import shallows.export.web.WebRuntime;
import shallows.export.web.WebServer;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.model.file.CacheFolder;
import shallows.pipeline.Run;
import shallows.pipeline.Shallows;

/** {@code shallows web}. */
@Command(
    name = "web",
    sortOptions = false,
    header = "Puts the verified files into a page that runs them in a browser.%n",
    description = {
      "One folder for any web server: camera, pictures and samples are classified by the ONNX files",
      "in WebAssembly, on the device that looks at the page, also without a network. The runtime,",
      "ONNX Runtime Web, is fetched by npm for the first page and kept in ~/.cache/shallows.%n",
      "Reads  RUN/bundle.",
      "Writes RUN/site, or --out, in the place of an earlier page.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./shallows web runs/first --out site",
      "  ./shallows web runs/first --serve --port 8000; on the phone beside it, at a cable:",
      "  adb reverse tcp:8000 tcp:8000, then open localhost:8000 there"
    })
final class WebCommand implements Callable<Integer> {
  private static final int LARGEST_PORT = 65_535;

  @ParentCommand private shallows.cli.command.Shallows parent;

  @Parameters(paramLabel = "RUN", description = "A run folder whose files were verified.")
  private Path path;

  @Option(names = "--out", paramLabel = "FOLDER", description = "The page (default: RUN/site).")
  private Path out;

  @Option(
      names = "--runtime",
      paramLabel = "FOLDER",
      description = {
        "The unpacked npm package onnxruntime-web " + WebRuntime.VERSION + ", where npm is not",
        "there or reaches no network."
      })
  private Path runtime;

  @Option(names = "--serve", description = "Serve the page until Ctrl-C.")
  private boolean serve;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Serve at this address, 0.0.0.0 for all (default: this machine alone).")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Serve at this port (default: any that is free).")
  private Integer port;

  @Mixin private HelpArgument help;

  @Override
  public Integer call() throws InterruptedException {
    requireOptions();
    InetAddress address = address();
    Run run = Shallows.run(path);
    // Nothing is fetched for a run that has no bundle.
    run.bundle();
    WebRuntime found =
        runtime == null
            ? WebRuntime.ofCache(CacheFolder.ofProcess(), npm())
            : WebRuntime.ofPackage(runtime);
    Path folder = out == null ? path.resolve("site") : out;
    WebPage page = run.web(found, folder);
    console().result(folder + ": " + page.files().size() + " files, " + page.bytes() + " bytes");
    if (serve) {
      serve(page, address);
    }
    return 0;
  }

  private void requireOptions() {
    if (!serve && (host != null || port != null)) {
      throw new BadInputException(
          host != null ? Setting.HOST : Setting.PORT, "--serve with it", "none", "add it");
    }
    if (port != null && (port < 0 || port > LARGEST_PORT)) {
      throw new BadInputException(
          Setting.PORT, "0 to " + LARGEST_PORT, port, "0 takes any that is free");
    }
  }

  private InetAddress address() {
    if (host == null) {
      return InetAddress.getLoopbackAddress();
    }
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new BadInputException(
          Setting.HOST, "an address of this machine", host, "0.0.0.0 is all of them", e);
    }
  }

  private static String npm() {
    return System.getProperty("os.name").startsWith("Windows") ? "npm.cmd" : "npm";
  }

  private void serve(WebPage page, InetAddress address) throws InterruptedException {
    try (WebServer server = WebServer.start(page, address, port == null ? 0 : port)) {
      console().result(server.address() + " until Ctrl-C");
      if (!address.isLoopbackAddress()) {
        console()
            .remark(
                "browsers give the camera to pages over https or on localhost alone; on a phone at"
                    + " a cable, adb reverse makes this port its own");
      }
      // Until this process is ended.
      new CountDownLatch(1).await();
    }
  }

  private Console console() {
    return parent.console();
  }
}
