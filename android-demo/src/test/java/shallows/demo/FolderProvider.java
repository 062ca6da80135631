package shallows.demo;

import android.content.ContentProvider;
import android.content.ContentValues;
import android.content.pm.ProviderInfo;
import android.database.Cursor;
import android.database.MatrixCursor;
import android.net.Uri;
import android.os.ParcelFileDescriptor;
import android.provider.DocumentsContract;
import android.provider.DocumentsContract.Document;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import org.robolectric.shadows.ShadowContentResolver;

/** A folder as the phone's file chooser hands it over: a tree of documents. */
final class FolderProvider extends ContentProvider {
  private static final String AUTHORITY = "files.of.the.phone";

  private Path folder;

  static Uri of(Path folder) {
    ProviderInfo info = new ProviderInfo();
    info.authority = AUTHORITY;
    FolderProvider provider = new FolderProvider();
    provider.folder = folder;
    provider.attachInfo(Phone.app(), info);
    ShadowContentResolver.registerProviderInternal(AUTHORITY, provider);
    return DocumentsContract.buildTreeDocumentUri(AUTHORITY, "root");
  }

  @Override
  public boolean onCreate() {
    return true;
  }

  @Override
  public Cursor query(
      Uri uri, String[] projection, String selection, String[] arguments, String order) {
    MatrixCursor cursor = new MatrixCursor(projection);
    cursor.addRow(new Object[] {"inside", "a folder", Document.MIME_TYPE_DIR});
    for (String name : folder.toFile().list()) {
      cursor.addRow(new Object[] {"root/" + name, name, "application/octet-stream"});
    }
    return cursor;
  }

  @Override
  public ParcelFileDescriptor openFile(Uri uri, String mode) throws FileNotFoundException {
    String name = DocumentsContract.getDocumentId(uri).replace("root/", "");
    return ParcelFileDescriptor.open(
        folder.resolve(name).toFile(), ParcelFileDescriptor.MODE_READ_ONLY);
  }

  @Override
  public String getType(Uri uri) {
    return "application/octet-stream";
  }

  @Override
  public Uri insert(Uri uri, ContentValues values) {
    throw new UnsupportedOperationException("read only");
  }

  @Override
  public int delete(Uri uri, String selection, String[] arguments) {
    throw new UnsupportedOperationException("read only");
  }

  @Override
  public int update(Uri uri, ContentValues values, String selection, String[] arguments) {
    throw new UnsupportedOperationException("read only");
  }
}
