package shallows.demo;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shallows.export.unpack.UnpackedTflite;

/**
 * The files of a bundle, with filters of one bit unpacked once instead of at every run, which is
 * what TFLite would do. Unpacked files are kept in a folder under two checksums, that of the file
 * they come from and their own; one that is damaged is made anew. Where one cannot be made or kept,
 * the file itself is run.
 */
final class UnpackedFiles implements BundleFiles {
  /** The forms with filters of one bit. */
  private static final List<String> PACKED = List.of("binary", "mixed");

  private final BundleFiles files;
  private final File folder;

  /** Checksums of the files with such filters by their names. */
  private final Map<String, String> packed = new HashMap<>();

  /** Names of unpacked files that were looked at by the names of those they come from. */
  private final Map<String, String> unpacked = new HashMap<>();

  /**
   * @param models of the bundle
   * @param folder for unpacked files, of which a system may take any away
   */
  UnpackedFiles(BundleFiles files, List<ModelBundle.Model> models, File folder) {
    this.files = files;
    this.folder = folder;
    for (ModelBundle.Model model : models) {
      if (PACKED.contains(model.precision())) {
        packed.put(model.file(), model.sha256());
      }
    }
  }

  @Override
  public byte[] read(String name) throws IOException {
    return files.read(name);
  }

  @Override
  public MappedByteBuffer map(String name) throws IOException {
    if (!packed.containsKey(name)) {
      return files.map(name);
    }
    try {
      if (!unpacked.containsKey(name)) {
        unpacked.put(name, unpacked(name));
      }
      return new Folder(folder).map(unpacked.get(name));
    } catch (IOException | IllegalArgumentException e) {
      unpacked.remove(name);
      return files.map(name);
    }
  }

  /** Takes away what other bundles left. */
  void tidy() {
    for (File file : kept()) {
      boolean wanted = false;
      for (String source : packed.values()) {
        wanted |= file.getName().startsWith(source + "-");
      }
      if (!wanted) {
        delete(file);
      }
    }
  }

  /** The name of the unpacked file. */
  private String unpacked(String name) throws IOException {
    String start = packed.get(name) + "-";
    for (File file : kept()) {
      if (file.getName().startsWith(start)) {
        if (file.getName().equals(start + Sha256.of(new Folder(folder).read(file.getName())))) {
          return file.getName();
        }
        delete(file);
      }
    }
    // A part of what the app may have at all.
    byte[] content = UnpackedTflite.of(files.read(name), Runtime.getRuntime().maxMemory() / 4);
    String kept = start + Sha256.of(content);
    write(content, new File(folder, kept));
    return kept;
  }

  private void write(byte[] content, File file) throws IOException {
    if (!folder.isDirectory() && !folder.mkdirs()) {
      throw new IOException("no room");
    }
    File fresh = new File(folder, "fresh");
    try (FileOutputStream out = new FileOutputStream(fresh)) {
      out.write(content);
    }
    if (!fresh.renameTo(file)) {
      throw new IOException("the phone's storage refuses it");
    }
  }

  private File[] kept() {
    File[] kept = folder.listFiles();
    return kept == null ? new File[0] : kept;
  }

  private static void delete(File file) {
    // One that stays does no harm: its checksum says what it is.
    boolean unused = file.delete();
  }
}
