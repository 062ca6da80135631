package shallows.train.libtorch;

import ai.djl.util.ClassLoaderUtils;
import ai.djl.util.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/** DJL's own library, through which Java calls LibTorch, and what LibTorch it was built for. */
final class JniLibrary {
  /** What it is there for, beside the processor. */
  static final String CUDA_FLAVOR = "cu128";

  private static final String FOLDER = "jnilib/";

  private JniLibrary() {}

  /** The version of LibTorch that it fits, for example {@code "2.7.1"}. */
  static String version() {
    Properties properties = new Properties();
    try (InputStream in = ClassLoaderUtils.getResourceAsStream(FOLDER + "pytorch.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("DJL's library is not on the class path", e);
    }
    // Of LibTorch, a dash, and of DJL.
    return properties.getProperty("jni_version").replaceFirst("-.*", "");
  }

  /** For example {@code "linux-x86_64"}. */
  static String platform() {
    return Platform.detectPlatform("pytorch").getClassifier();
  }

  /** Whether there is one for GPUs on this system. */
  static boolean isThereForCuda() {
    return isThere(CUDA_FLAVOR);
  }

  /**
   * The flavour of it that fits a LibTorch of the right version, if there is one. All that the one
   * for CUDA calls beside LibTorch are twelve functions of CUDA's runtime, which each version 12
   * has alike.
   */
  static Optional<String> flavorFor(LibTorch torch) {
    String flavor = torch.flavor().matches("cu12\\d") ? CUDA_FLAVOR : torch.flavor();
    return Optional.of(flavor).filter(JniLibrary::isThere);
  }

  private static boolean isThere(String flavor) {
    String file = FOLDER + platform() + "/" + flavor + "/" + System.mapLibraryName("djl_torch");
    return ClassLoaderUtils.getContextClassLoader().getResource(file) != null;
  }
}
