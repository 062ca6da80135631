package shallows.bench;

import java.nio.file.Path;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;

/**
 * How long reading an ONNX file takes, its blocks included, and how much of Java's heap is in use
 * with the graph at the end.
 */
public final class Reading {
  private static final int TIMES = 5;

  private Reading() {}

  /**
   * @param arguments the file
   */
  public static void main(String[] arguments) {
    for (int i = 0; i < TIMES; i++) {
      long start = System.nanoTime();
      Graph graph = OnnxReader.read(Path.of(arguments[0]));
      long milliseconds = (System.nanoTime() - start) / 1_000_000;
      Runtime runtime = Runtime.getRuntime();
      long megabytes = (runtime.totalMemory() - runtime.freeMemory()) >> 20;
      System.out.println(graph + ": " + milliseconds + " ms, heap " + megabytes + " MB");
    }
  }
}
