package shallows.demo;

import android.content.res.AssetFileDescriptor;
import android.content.res.AssetManager;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/** Where the files of a bundle lie: in the APK, or in the app's own folder. */
interface BundleFiles {
  /** The whole file. */
  byte[] read(String name) throws IOException;

  /** The file as it lies, without copying it into memory. */
  MappedByteBuffer map(String name) throws IOException;

  /** The bundle that came with the APK; models are stored there uncompressed. */
  record Assets(AssetManager assets, String folder) implements BundleFiles {
    @Override
    public byte[] read(String name) throws IOException {
      try (InputStream in = assets.open(folder + "/" + name)) {
        return all(in);
      }
    }

    @Override
    public MappedByteBuffer map(String name) throws IOException {
      try (AssetFileDescriptor asset = assets.openFd(folder + "/" + name);
          FileInputStream in = asset.createInputStream();
          FileChannel channel = in.getChannel()) {
        return channel.map(MapMode.READ_ONLY, asset.getStartOffset(), asset.getLength());
      }
    }
  }

  /** A bundle that was loaded. */
  record Folder(File root) implements BundleFiles {
    @Override
    public byte[] read(String name) throws IOException {
      try (InputStream in = new FileInputStream(new File(root, name))) {
        return all(in);
      }
    }

    @Override
    public MappedByteBuffer map(String name) throws IOException {
      try (FileInputStream in = new FileInputStream(new File(root, name));
          FileChannel channel = in.getChannel()) {
        return channel.map(MapMode.READ_ONLY, 0, channel.size());
      }
    }
  }

  /** InputStream.readAllBytes came with API 33. */
  private static byte[] all(InputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] part = new byte[8192];
    for (int n = in.read(part); n >= 0; n = in.read(part)) {
      out.write(part, 0, n);
    }
    return out.toByteArray();
  }
}
