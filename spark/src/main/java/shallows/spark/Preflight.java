package shallows.spark;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.random.RandomGeneratorFactory;
import shallows.model.BadInputException;
import shallows.model.RootCause;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.pipeline.folder.Versions;
import shallows.train.inference.TorchClassifier;
import shallows.train.options.Compute;

/**
 * What must be so on every machine that does jobs: made where the list is given, checked where a
 * job begins.
 *
 * @param program version and checksum of the classes
 * @param root of the folders of jobs
 * @param freeBytes that must be free in it
 */
record Preflight(String program, String root, long freeBytes) implements Serializable {
  private static final long serialVersionUID = 1;

  /** What a training of a small network writes, many times over. */
  private static final long FREE_BYTES = 256L << 20;

  /** A process loads its libraries once. */
  private static boolean loaded;

  static Preflight of(Path root) {
    return new Preflight(Versions.program(), root.toString(), FREE_BYTES);
  }

  /** As the jobs will have them: what is loaded, and which kernels, is decided once. */
  static synchronized void requireLibraries(Compute compute) {
    if (loaded) {
      return;
    }
    try {
      Graph graph = Networks.create("resnet-8-s2", Shape.of(1, 8, 8), Task.unnamed(2, 1), 1);
      try (TorchClassifier classifier = new TorchClassifier(graph, compute)) {
        classifier.logits(new float[8 * 8], 1);
      }
    } catch (BadInputException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new BadInputException(
          "PyTorch's library",
          "that it can be unpacked and loaded",
          RootCause.words(e),
          "it needs the jar of this machine's platform and 500 MB in ~/.djl.ai, or in the folder"
              + " that DJL_CACHE_DIR names",
          e);
    }
    loaded = true;
  }

  /**
   * Java looks for its own random generators once, through the loader of the thread, and from the
   * one that Spark gives to the classes of its users it gets to none.
   */
  private static void findGenerators() {
    Thread thread = Thread.currentThread();
    ClassLoader sparks = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    try {
      RandomGeneratorFactory.of("L64X128MixRandom");
    } finally {
      thread.setContextClassLoader(sparks);
    }
  }

  /**
   * @param compute of the jobs
   * @param torch whether they compute with LibTorch
   * @throws BadInputException for the first thing that is not as it must be on this machine
   */
  void require(Compute compute, boolean torch) {
    String here = Versions.program();
    if (!program.equals(here)) {
      throw new BadInputException(
          "Shallows", program, here, "give every machine the jars of one build");
    }
    SharedFolder.require(Path.of(root), freeBytes);
    findGenerators();
    if (torch) {
      requireLibraries(compute);
    }
  }
}
