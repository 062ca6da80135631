package shallows.demo;

import android.content.Context;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.json.JSONException;
import shallows.data.folder.JunkFiles;

/**
 * The bundle in use: the APK's, or one that was loaded. A loaded one lies in one of two folders,
 * and a small file names the folder; without that file the APK's bundle is in use. A new one is
 * unpacked into the other folder and checked there, and then the file is replaced, which a file
 * system does whole or not at all. So whenever the process is killed, what the file names is whole,
 * and what it does not name is rubbish that the next opening takes away.
 */
final class BundleStore {
  /** Unpacked; a phone's models are far smaller, and a zip can pretend to be small. */
  static final long LARGEST = 256L << 20;

  private static final int MOST_FILES = 200;

  /** Holds the name of the folder of the loaded bundle. */
  private static final String IN_USE = "bundle.in-use";

  /** Where loaded bundles lie, in turns. */
  private static final List<String> FOLDERS = List.of("bundle-a", "bundle-b");

  private final Context context;
  private final File inUse;

  BundleStore(Context context) {
    this.context = context;
    this.inUse = new File(context.getFilesDir(), IN_USE);
  }

  /** The loaded bundle, or the APK's where there is none, computed as was chosen. */
  OpenBundle open() throws DamagedBundle {
    tidy();
    BundleFiles files =
        isLoaded()
            ? new BundleFiles.Folder(folder(used()))
            : new BundleFiles.Assets(context.getAssets(), "bundle");
    ModelBundle bundle = ModelBundle.read(files);
    UnpackedFiles unpacked = unpacked(bundle);
    unpacked.tidy();
    int threads = Choice.THREADS.of(context);
    OpenBundle accelerated = Nnapi.open(context, bundle.in(unpacked), threads);
    return accelerated == null ? new OpenBundle(bundle.in(unpacked), threads, false) : accelerated;
  }

  /** Android empties that folder whenever it replaces the app or itself. */
  private UnpackedFiles unpacked(ModelBundle bundle) {
    File folder = new File(context.getCodeCacheDir(), "unpacked");
    return new UnpackedFiles(bundle.files(), bundle.models(), folder);
  }

  /** Whether the bundle in use was loaded. */
  boolean isLoaded() {
    return inUse.isFile();
  }

  /** Back to the bundle of the APK. */
  void forget() {
    delete(inUse);
    tidy();
  }

  /** The name of the folder in use; empty where the APK's bundle is. */
  private String used() throws DamagedBundle {
    if (!isLoaded()) {
      return "";
    }
    try {
      byte[] name = new BundleFiles.Folder(context.getFilesDir()).read(IN_USE);
      return new String(name, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new DamagedBundle("the phone's storage does not tell which bundle is in use", e);
    }
  }

  /** Takes away what a killed process left. */
  private void tidy() {
    delete(fresh());
    try {
      String used = used();
      for (String name : FOLDERS) {
        if (!name.equals(used)) {
          delete(folder(name));
        }
      }
    } catch (DamagedBundle e) {
      // Nothing is taken away while it is not known what is in use; opening says why.
    }
  }

  private File folder(String name) {
    return new File(context.getFilesDir(), name);
  }

  private File fresh() {
    return folder(IN_USE + ".new");
  }

  /** From now on the bundle in this folder is in use. */
  private void use(String name) throws IOException {
    try (FileOutputStream out = new FileOutputStream(fresh())) {
      out.write(name.getBytes(StandardCharsets.UTF_8));
      // Without this a dead battery after the renaming may leave an empty file.
      out.getFD().sync();
    }
    if (!fresh().renameTo(inUse)) {
      throw new IOException("the phone's storage refuses it");
    }
  }

  /**
   * Takes over the files of a bundle. What happens to the process meanwhile, the bundle in use
   * stays whole.
   *
   * @throws DamagedBundle when something is wrong with it; the bundle in use is untouched
   */
  void load(IncomingFiles incoming) throws DamagedBundle {
    String free = FOLDERS.get(0).equals(used()) ? FOLDERS.get(1) : FOLDERS.get(0);
    File fresh = folder(free);
    delete(fresh);
    try {
      copy(incoming, fresh);
      ModelBundle bundle = ModelBundle.read(new BundleFiles.Folder(fresh));
      bundle.requireVerifiedFiles();
      try (OpenBundle open = new OpenBundle(bundle.in(unpacked(bundle)), 1, false)) {
        for (SelfCheck.Result result : SelfCheck.of(open)) {
          if (!result.passed()) {
            throw new DamagedBundle(result.problem());
          }
        }
      }
      use(free);
    } catch (IOException | IllegalArgumentException | JSONException e) {
      throw new DamagedBundle("no bundle (" + e.getMessage() + ")", e);
    } finally {
      tidy();
    }
  }

  private static void copy(IncomingFiles incoming, File folder)
      throws IOException, DamagedBundle, JSONException {
    if (!folder.mkdirs()) {
      throw new IOException("no room");
    }
    Room room = new Room();
    Set<String> folders = new TreeSet<>();
    incoming.each(
        (path, content) -> {
          room.file();
          if (JunkFiles.isJunk(path)) {
            return;
          }
          // Some Windows programs write \ into a zip.
          String[] parts = path.replace('\\', '/').split("/", -1);
          String name = ModelBundle.plain(parts[parts.length - 1]);
          folders.add(String.join("/", Arrays.asList(parts).subList(0, parts.length - 1)));
          if (folders.size() > 1) {
            throw new DamagedBundle("its files are in more than one folder: " + folders);
          }
          // A phone runs the other format.
          if (name.endsWith(".onnx")) {
            return;
          }
          byte[] part = new byte[1 << 16];
          try (FileOutputStream out = new FileOutputStream(new File(folder, name))) {
            for (int n = content.read(part); n >= 0; n = content.read(part)) {
              room.bytes(n);
              out.write(part, 0, n);
            }
            out.getFD().sync();
          }
        });
  }

  /** What may still come. */
  private static final class Room {
    private long bytes = LARGEST;
    private int files = MOST_FILES;

    void bytes(int more) throws DamagedBundle {
      bytes -= more;
      if (bytes < 0) {
        throw new DamagedBundle("it is larger than " + (LARGEST >> 20) + " MB");
      }
    }

    void file() throws DamagedBundle {
      if (--files < 0) {
        throw new DamagedBundle("it has more than " + MOST_FILES + " files");
      }
    }
  }

  private static void delete(File file) {
    File[] inside = file.listFiles();
    if (inside != null) {
      for (File each : inside) {
        delete(each);
      }
    }
    // What cannot be deleted is overwritten or refused when it is needed again.
    boolean unused = file.delete();
  }
}
