package shallows.demo;

import android.content.Context;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.json.JSONException;

/**
 * The bundle in use: the APK's, or one that was loaded. A new one is unpacked beside the old one,
 * checked there, and only then put in its place.
 */
final class BundleStore {
  /** Unpacked; a phone's models are far smaller, and a zip can pretend to be small. */
  static final long LARGEST = 256L << 20;

  private static final int MOST_FILES = 200;

  private final Context context;
  private final File loaded;

  BundleStore(Context context) {
    this.context = context;
    this.loaded = new File(context.getFilesDir(), "bundle");
  }

  /** The loaded bundle, or the APK's where there is none. */
  OpenBundle open() throws DamagedBundle {
    BundleFiles files =
        loaded.isDirectory()
            ? new BundleFiles.Folder(loaded)
            : new BundleFiles.Assets(context.getAssets(), "bundle");
    return new OpenBundle(ModelBundle.read(files));
  }

  /** Whether the bundle in use was loaded. */
  boolean isLoaded() {
    return loaded.isDirectory();
  }

  /** Back to the bundle of the APK. */
  void forget() {
    delete(loaded);
  }

  /**
   * Takes over the files of a bundle. What happens to the process meanwhile, the bundle in use
   * stays whole.
   *
   * @throws DamagedBundle when something is wrong with it; the bundle in use is untouched
   */
  void load(IncomingFiles incoming) throws DamagedBundle {
    File fresh = new File(context.getFilesDir(), "bundle.new");
    delete(fresh);
    try {
      copy(incoming, fresh);
      ModelBundle bundle = ModelBundle.read(new BundleFiles.Folder(fresh));
      for (ModelBundle.Model model : bundle.models()) {
        if (!Sha256.of(bundle.files().read(model.file())).equals(model.sha256())) {
          throw new DamagedBundle(model.file() + " is not the file that was verified");
        }
      }
      try (OpenBundle open = new OpenBundle(bundle)) {
        for (SelfCheck.Result result : SelfCheck.of(open)) {
          if (!result.passed()) {
            throw new DamagedBundle(result.problem());
          }
        }
      }
      delete(loaded);
      if (!fresh.renameTo(loaded)) {
        throw new DamagedBundle("the phone's storage refuses it");
      }
    } catch (IOException | IllegalArgumentException | JSONException e) {
      throw new DamagedBundle("no bundle (" + e.getMessage() + ")", e);
    } finally {
      delete(fresh);
    }
  }

  private static void copy(IncomingFiles incoming, File folder)
      throws IOException, DamagedBundle, JSONException {
    if (!folder.mkdirs()) {
      throw new IOException("no room");
    }
    Room room = new Room();
    incoming.each(
        (path, content) -> {
          room.file();
          String name = ModelBundle.plain(path.substring(path.lastIndexOf('/') + 1));
          // A phone runs the other format.
          if (name.endsWith(".onnx")) {
            return;
          }
          byte[] part = new byte[1 << 16];
          try (OutputStream out = new FileOutputStream(new File(folder, name))) {
            for (int n = content.read(part); n >= 0; n = content.read(part)) {
              room.bytes(n);
              out.write(part, 0, n);
            }
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
