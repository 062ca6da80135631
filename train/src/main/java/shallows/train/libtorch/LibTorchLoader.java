package shallows.train.libtorch;

import ai.djl.pytorch.jni.LibUtils;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.RootCause;
import shallows.model.Setting;
import shallows.train.options.Compute;

/**
 * Has DJL load the LibTorch that fits what is to be computed: once a process, as it can be no more.
 */
public final class LibTorchLoader {
  private LibTorchLoader() {}

  /**
   * Loads it, unless one is loaded, by us or by whoever else computes with DJL in this process.
   *
   * @param loading has DJL load it, and gives what comes of it
   * @throws BadInputException where none is found that fits, or it cannot be loaded
   */
  public static synchronized <T> T load(Compute compute, Supplier<T> loading) {
    return isLoaded()
        ? loading.get()
        : load(LibTorchChoice.of(compute, System.getenv()), compute, loading);
  }

  /** DJL knows no question for it; asked where LibTorch lies, it has no answer before. */
  private static boolean isLoaded() {
    try {
      return LibUtils.getLibtorchPath() != null;
    } catch (NullPointerException e) {
      return false;
    }
  }

  private static <T> T load(LibTorchChoice choice, Compute compute, Supplier<T> loading) {
    Map<String, String> settings = new HashMap<>(choice.settings());
    LibTorchCache.instead(System.getenv())
        .ifPresent(cache -> settings.put(Variables.CACHE, cache.toString()));
    // DJL fetches what it misses, unless it is told not to. Nobody is asked by it.
    settings.put(Variables.OFFLINE, String.valueOf(!choice.download()));
    Map<String, String> before = new HashMap<>();
    settings.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
    try {
      return loading.get();
    } catch (RuntimeException | LinkageError e) {
      if (choice.download()) {
        throw BadInputException.of(
            LibTorchChoice.device(compute),
            "LibTorch cannot be downloaded or loaded (" + RootCause.words(e) + ")",
            Phrase.of(
                "see that publish.djl.ai can be reached, or install it with python3 -m pip install"
                    + " torch==%s and leave out %s",
                JniLibrary.version(), Setting.DOWNLOAD_TORCH),
            e);
      }
      if (choice.folder().isPresent()) {
        throw BadInputException.of(
            choice.folder().get(),
            "this LibTorch cannot be loaded (" + RootCause.words(e) + ")",
            "see that python3 -c 'import torch' works with it, or take another",
            e);
      }
      throw e;
    } finally {
      before.forEach(LibTorchLoader::restore);
    }
  }

  private static void restore(String property, String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }
}
