package shallows.apk;

import com.android.apksig.ApkSigner;
import com.android.apksig.KeyConfig;
import com.android.apksig.apk.ApkFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import shallows.model.file.AtomicFile;

/** Aligns and signs: schemes v2 and v3, native libraries on pages of 16 KB, the rest on 4 bytes. */
final class ApkSignature {
  static final int LIBRARY_ALIGNMENT = 16384;

  private ApkSignature() {}

  static void sign(Path unsigned, Path out, SigningKey key) {
    Path signed = unsigned.resolveSibling("signed.apk");
    try {
      ApkSigner.SignerConfig signer =
          new ApkSigner.SignerConfig.Builder(
                  "SHALLOWS", new KeyConfig.Jca(key.key()), key.certificates())
              .build();
      new ApkSigner.Builder(List.of(signer))
          .setInputApk(unsigned.toFile())
          .setOutputApk(signed.toFile())
          .setMinSdkVersion(Resources.MIN_API)
          .setV1SigningEnabled(false)
          .setV2SigningEnabled(true)
          .setV3SigningEnabled(true)
          .setV4SigningEnabled(false)
          .setAlignmentPreserved(false)
          .setLibraryPageAlignmentBytes(LIBRARY_ALIGNMENT)
          .setCreatedBy("Shallows")
          .build()
          .sign();
    } catch (IOException | ApkFormatException | GeneralSecurityException e) {
      throw new IllegalStateException(unsigned + ": signing failed", e);
    }
    AtomicFile.write(out, target -> Files.copy(signed, target));
  }
}
