package shallows.export.web;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import shallows.data.folder.JunkFiles;
import shallows.export.ExportFormat;
import shallows.export.bundle.Bundle;
import shallows.export.bundle.BundleFiles;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.AtomicFile;
import shallows.model.file.InsideFolder;
import shallows.model.file.IoReason;
import shallows.model.file.RegularFile;
import shallows.model.file.Sha256;

/**
 * A page that was written.
 *
 * @param folder it lies in
 * @param files of it, by their paths in the folder, with {@code /} between the parts
 * @param bytes of all of them
 */
public record WebPage(Path folder, List<String> files, long bytes) {
  private static final String SUMS = "SHA256SUMS";
  private static final String SERVICE_WORKER = "sw.js";
  static final String INDEX = "index.html";

  /** What stands for itself in a path, beside letters and digits. */
  private static final String PLAIN = "/-_.!~*'()";

  /** What lies in {@code page} beside this class and goes into every page as it is. */
  static final List<String> SOURCES =
      List.of(
          INDEX,
          "page.css",
          "icon.svg",
          "icon-192.png",
          "icon-512.png",
          "js/bundle.js",
          "js/camera.js",
          "js/drawing.js",
          "js/exif.js",
          "js/images.js",
          "js/main.js",
          "js/models.js",
          "js/network.js",
          "js/pixels.js",
          "js/png.js",
          "js/resize.js",
          "js/selfcheck.js",
          "js/texts.js",
          "js/view.js");

  public WebPage {
    files = List.copyOf(files);
  }

  /**
   * Writes a page, in the place of an earlier one where there is one.
   *
   * @param bundle its folder
   * @param folder without anything else in it
   * @throws BadInputException when the bundle is damaged or has no ONNX file, or something else
   *     lies in the folder
   */
  public static WebPage write(Path bundle, WebRuntime runtime, Path folder) {
    requireRoom(folder);
    SortedMap<String, byte[]> files = new TreeMap<>();
    BundleFiles content = BundleFiles.read(bundle);
    requireOnnx(content.description(), bundle);
    content.files().forEach((name, bytes) -> files.put("bundle/" + name, bytes));
    for (String source : SOURCES) {
      files.put(source, WebRuntime.resource("page/" + source));
    }
    runtime.files().forEach((name, bytes) -> files.put("ort/" + name, bytes));
    files.put(
        "ort/ThirdPartyNotices.txt",
        WebRuntime.resource(
            WebPage.class.getResourceAsStream("/ThirdPartyNotices.txt"), "ThirdPartyNotices.txt"));
    files.put("licenses.txt", WebRuntime.resource("runtime/LICENSE.txt"));
    files.put("manifest.webmanifest", bytes(manifest(content.description())));
    files.put(SERVICE_WORKER, bytes(serviceWorker(files)));
    files.put(SUMS, bytes(sums(files)));
    // Before anything is removed or written.
    files.keySet().forEach(name -> InsideFolder.file(folder, name));
    removeEarlier(folder, files);
    // The list comes first, so that what a killed process left is known to be a page.
    files.forEach((name, bytes) -> AtomicFile.write(folder.resolve(name), out -> out.write(bytes)));
    return new WebPage(
        folder,
        new ArrayList<>(files.keySet()),
        files.values().stream().mapToLong(bytes -> bytes.length).sum());
  }

  private static void requireOnnx(Bundle bundle, Path folder) {
    if (bundle.models().stream().noneMatch(model -> model.format() == ExportFormat.ONNX)) {
      throw new BadInputException(
          folder,
          "at least one ONNX file, which is what a browser runs",
          "none",
          Phrase.of("export with %s onnx and verify", Setting.FORMAT));
    }
  }

  /** What a home screen needs; the names are those of the W3C's Web Application Manifest. */
  private record Manifest(
      String name,
      String short_name,
      String start_url,
      String display,
      String background_color,
      String theme_color,
      List<Icon> icons) {}

  private record Icon(String src, String sizes, String type) {}

  private static String manifest(Bundle bundle) {
    return new Gson()
        .toJson(
            new Manifest(
                "Shallows: " + bundle.name(),
                bundle.name(),
                ".",
                "standalone",
                "#f6f7f9",
                "#1f5fbf",
                List.of(
                    new Icon("icon.svg", "any", "image/svg+xml"),
                    new Icon("icon-192.png", "192x192", "image/png"),
                    new Icon("icon-512.png", "512x512", "image/png"))));
  }

  /**
   * Keeps what the page needs, if it is what was written here; TFLite files are for others.
   *
   * @param files of the page but for itself
   */
  private static String serviceWorker(SortedMap<String, byte[]> files) {
    List<List<String>> kept = new ArrayList<>();
    kept.add(List.of("./", integrity(files.get(INDEX))));
    files.forEach(
        (name, content) -> {
          if (!name.endsWith("." + ExportFormat.TFLITE.label())) {
            kept.add(List.of(address(name), integrity(content)));
          }
        });
    Gson gson = new GsonBuilder().disableHtmlEscaping().create();
    return "const VERSION = "
        + gson.toJson(Sha256.of(bytes(sums(files))))
        + ";\nconst FILES = "
        + gson.toJson(kept)
        + ";\n"
        + new String(WebRuntime.resource("page/" + SERVICE_WORKER), StandardCharsets.UTF_8);
  }

  /** As the W3C's Subresource Integrity writes a checksum. */
  private static String integrity(byte[] content) {
    byte[] sum = HexFormat.of().parseHex(Sha256.of(content));
    return "sha256-" + Base64.getEncoder().encodeToString(sum);
  }

  /**
   * A name in a path of an address, as the page itself writes it ({@code encodeURIComponent}, part
   * by part); those of models are as people named their runs.
   */
  private static String address(String name) {
    StringBuilder address = new StringBuilder();
    for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = each > 0 && (Character.isLetterOrDigit(each) || PLAIN.indexOf(each) >= 0);
      address.append(
          plain ? String.valueOf((char) each) : String.format(Locale.ROOT, "%%%02X", each));
    }
    return address.toString();
  }

  /** A line for each file, as {@code sha256sum --check} reads it. */
  private static String sums(SortedMap<String, byte[]> files) {
    StringBuilder lines = new StringBuilder();
    files.forEach((name, content) -> lines.append(Sha256.of(content) + "  " + name + "\n"));
    return lines.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Nothing of somebody else's is overwritten or lost. */
  private static void requireRoom(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new BadInputException(
          folder, "a folder for the page", "a file", Phrase.of("choose another %s", Setting.OUT));
    }
    if (Files.isDirectory(folder) && !isPage(folder) && !isEmpty(folder)) {
      throw new BadInputException(
          folder,
          "an empty folder, or one with an earlier page",
          "other files",
          Phrase.of("choose another %s", Setting.OUT));
    }
  }

  private static boolean isPage(Path folder) {
    Path list = folder.resolve(SUMS);
    try {
      return Files.isRegularFile(list)
          && RegularFile.lines(list).stream()
              .anyMatch(line -> line.endsWith("  " + SERVICE_WORKER));
    } catch (IOException e) {
      throw unreadable(list, e);
    }
  }

  private static boolean isEmpty(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.allMatch(entry -> JunkFiles.isJunk(entry.getFileName().toString()));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /** Files of an earlier page that this one does not have, and no others. */
  private static void removeEarlier(Path folder, SortedMap<String, byte[]> files) {
    if (!isPage(folder)) {
      return;
    }
    Path list = folder.resolve(SUMS);
    try {
      for (String line : RegularFile.lines(list)) {
        String name = line.length() > 66 ? line.substring(66) : "";
        if (!name.isEmpty() && !files.containsKey(name)) {
          Files.deleteIfExists(InsideFolder.file(folder, name));
        }
      }
    } catch (IOException e) {
      throw unreadable(list, e);
    }
  }

  private static BadInputException unreadable(Path file, IOException e) {
    return BadInputException.of(
        file,
        "cannot be read (" + IoReason.of(e) + ")",
        Phrase.of("choose another %s", Setting.OUT),
        e);
  }
}
