package shallows.demo;

import android.content.ContentResolver;
import android.database.Cursor;
import android.net.Uri;
import android.provider.DocumentsContract;
import android.provider.DocumentsContract.Document;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.json.JSONException;

/** The files of a bundle that somebody chose. */
@FunctionalInterface
interface IncomingFiles {
  /** Takes one file. */
  @FunctionalInterface
  interface Taker {
    /**
     * @param path in the zip or the folder
     */
    void take(String path, InputStream content) throws IOException, DamagedBundle, JSONException;
  }

  /**
   * Hands over every file, none of which is in memory.
   *
   * @throws IOException when it cannot be read
   */
  void each(Taker taker) throws IOException, DamagedBundle, JSONException;

  /** A zip with the files at its root or in one folder. */
  static IncomingFiles zip(ContentResolver resolver, Uri uri) {
    return taker -> {
      try (InputStream in = opened(resolver, uri);
          ZipInputStream zip = new ZipInputStream(in)) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          if (!entry.isDirectory()) {
            taker.take(entry.getName(), zip);
          }
        }
      }
    };
  }

  /** The files of a folder, as the phone's file chooser hands over a whole one. */
  static IncomingFiles folder(ContentResolver resolver, Uri tree) {
    return taker -> {
      Uri inside =
          DocumentsContract.buildChildDocumentsUriUsingTree(
              tree, DocumentsContract.getTreeDocumentId(tree));
      String[] columns = {
        Document.COLUMN_DOCUMENT_ID, Document.COLUMN_DISPLAY_NAME, Document.COLUMN_MIME_TYPE
      };
      try (Cursor files = resolver.query(inside, columns, null, null, null)) {
        if (files == null) {
          throw new IOException("the folder cannot be read");
        }
        while (files.moveToNext()) {
          if (!Document.MIME_TYPE_DIR.equals(files.getString(2))) {
            Uri file = DocumentsContract.buildDocumentUriUsingTree(tree, files.getString(0));
            try (InputStream in = opened(resolver, file)) {
              taker.take(files.getString(1), in);
            }
          }
        }
      } catch (RuntimeException e) {
        throw ofTheProvider(e);
      }
    };
  }

  /** What another app throws while it is asked comes out here, and may be of many kinds. */
  static IOException ofTheProvider(RuntimeException thrown) {
    return new IOException("the app that it is from gives " + thrown, thrown);
  }

  static InputStream opened(ContentResolver resolver, Uri uri) throws IOException {
    try {
      InputStream in = resolver.openInputStream(uri);
      if (in == null) {
        throw new IOException(uri + " cannot be read");
      }
      return in;
    } catch (RuntimeException e) {
      throw ofTheProvider(e);
    }
  }
}
