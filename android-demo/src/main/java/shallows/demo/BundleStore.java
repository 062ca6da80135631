package shallows.demo;

import android.content.Context;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.json.JSONException;

/**
 * The bundle in use: the APK's, or one that was loaded. A new one is unpacked beside the old one,
 * checked there, and only then put in its place.
 */
final class BundleStore {
  /** Unpacked; a phone's models are far smaller, and a zip can pretend to be small. */
  private static final long LARGEST = 256L << 20;

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

  /** Back to the bundle of the APK. */
  void forget() {
    delete(loaded);
  }

  /**
   * Takes over a zip with the files of a bundle, at its root or in one folder.
   *
   * @throws DamagedBundle when something is wrong with it; the bundle in use is untouched
   */
  void load(InputStream zip) throws DamagedBundle {
    File fresh = new File(context.getFilesDir(), "bundle.new");
    delete(fresh);
    try {
      unpack(zip, fresh);
      ModelBundle bundle = ModelBundle.read(new BundleFiles.Folder(fresh));
      for (ModelBundle.Model model : bundle.models()) {
        if (!sha256(bundle.files(), model.file()).equals(model.sha256())) {
          throw new DamagedBundle(model.file() + " is not the file that was verified");
        }
      }
      try (OpenBundle open = new OpenBundle(bundle)) {
        open.check();
      }
      delete(loaded);
      if (!fresh.renameTo(loaded)) {
        throw new DamagedBundle("the phone's storage refuses it");
      }
    } catch (IOException | IllegalArgumentException | JSONException e) {
      throw new DamagedBundle("no zip of a bundle (" + e.getMessage() + ")", e);
    } finally {
      delete(fresh);
    }
  }

  private static void unpack(InputStream in, File folder)
      throws IOException, DamagedBundle, JSONException {
    if (!folder.mkdirs()) {
      throw new IOException("no room");
    }
    long room = LARGEST;
    byte[] part = new byte[1 << 16];
    try (ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.isDirectory()) {
          continue;
        }
        String path = entry.getName();
        String name = ModelBundle.plain(path.substring(path.lastIndexOf('/') + 1));
        try (OutputStream out = new FileOutputStream(new File(folder, name))) {
          for (int n = zip.read(part); n >= 0; n = zip.read(part)) {
            room -= n;
            if (room < 0) {
              throw new DamagedBundle("it is larger than " + (LARGEST >> 20) + " MB");
            }
            out.write(part, 0, n);
          }
        }
      }
    }
  }

  private static String sha256(BundleFiles files, String name) throws IOException {
    try {
      StringBuilder text = new StringBuilder();
      for (byte b : MessageDigest.getInstance("SHA-256").digest(files.read(name))) {
        text.append(String.format(Locale.ROOT, "%02x", b));
      }
      return text.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Android has SHA-256", e);
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
