package shallows.prune.form;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Tensor;

/**
 * The usual alternative to dropping blocks: every block becomes narrower (Li et al. 2017, "Pruning
 * Filters for Efficient ConvNets"). Between two convolutions of a branch, the channels whose
 * filters have the smallest L1 norm go: rows of the first weight, entries of what normalizes them,
 * columns of the second weight. What enters and leaves the branch stays, so the shortcuts fit.
 *
 * <p>Applied between a convolution and the next where
 *
 * <ol>
 *   <li>both lie in the branch of one block and are ungrouped;
 *   <li>the first is read once, and what lies between them is a chain of batch norms, ReLUs,
 *       dropouts and factors, each read once.
 * </ol>
 *
 * Not applied elsewhere: channels that a sum or a depthwise convolution reads are tied to others.
 */
public final class ChannelPruning {
  /** Steps in which the share of channels is searched; finer ones round to the same channels. */
  private static final int STEPS = 256;

  private ChannelPruning() {}

  /**
   * Makes every block as wide as {@code maxMacs} allows, all by the same share.
   *
   * @return the widest such network; the narrowest there is where even that has more
   */
  public static Graph toMacs(Graph graph, long maxMacs) {
    Graph narrowest = keep(graph, 1.0 / STEPS);
    for (int step = STEPS; step > 0; step--) {
      Graph narrower = keep(graph, (double) step / STEPS);
      if (Cost.of(narrower).macs() <= maxMacs) {
        return narrower;
      }
    }
    return narrowest;
  }

  /**
   * Keeps a share of the channels between the convolutions of each branch, at least one, those of
   * the largest L1 norm.
   *
   * @param share in (0, 1]
   */
  public static Graph keep(Graph graph, double share) {
    Map<String, Tensor> parameters = new LinkedHashMap<>(graph.parameters());
    for (Block block : graph.blocks()) {
      Set<String> branch = new HashSet<>();
      graph.branch(block).forEach(node -> branch.add(node.name()));
      for (Node node : graph.branch(block)) {
        if (isPlainConvolution(node)) {
          List<Node> chain = chain(graph, node, branch);
          if (!chain.isEmpty()) {
            narrow(parameters, node, chain, share);
          }
        }
      }
    }
    return graph.with(graph.nodes(), graph.output(), parameters, graph.blocks());
  }

  private static boolean isPlainConvolution(Node node) {
    return node.operation() instanceof Operation.Conv2d conv && conv.groups() == 1;
  }

  /** What follows a convolution up to and with the next one; empty where it cannot be narrowed. */
  private static List<Node> chain(Graph graph, Node convolution, Set<String> branch) {
    List<Node> chain = new ArrayList<>();
    Node last = convolution;
    while (true) {
      String value = last.name();
      List<Node> readers =
          graph.nodes().stream().filter(node -> node.inputs().contains(value)).toList();
      if (readers.size() != 1 || !branch.contains(readers.get(0).name())) {
        return List.of();
      }
      last = readers.get(0);
      chain.add(last);
      if (isPlainConvolution(last)) {
        return chain;
      }
      boolean keepsChannels =
          last.operation() instanceof Operation.BatchNorm
              || last.operation() instanceof Operation.Relu
              || last.operation() instanceof Operation.Dropout
              || last.operation() instanceof Operation.Scale;
      if (!keepsChannels) {
        return List.of();
      }
    }
  }

  private static void narrow(
      Map<String, Tensor> parameters, Node first, List<Node> chain, double share) {
    Tensor weight = parameters.get(first.inputs().get(1));
    int[] kept = largest(weight, share);
    Map<String, Tensor> narrowed = new HashMap<>();
    narrowed.put(first.inputs().get(1), Narrowing.slices(weight, 0, kept));
    if (first.inputs().size() > 2) {
      narrowed.put(
          first.inputs().get(2), Narrowing.slices(parameters.get(first.inputs().get(2)), 0, kept));
    }
    for (Node node : chain.subList(0, chain.size() - 1)) {
      for (String name : node.inputs().subList(1, node.inputs().size())) {
        narrowed.put(name, Narrowing.slices(parameters.get(name), 0, kept));
      }
    }
    String next = chain.get(chain.size() - 1).inputs().get(1);
    narrowed.put(next, Narrowing.slices(parameters.get(next), 1, kept));
    parameters.putAll(narrowed);
  }

  /** The output channels of the largest L1 norms, ascending. */
  private static int[] largest(Tensor weight, double share) {
    int channels = weight.shape().dimension(0);
    int count = Math.max(1, (int) Math.round(share * channels));
    double[] norms = new double[channels];
    int size = weight.size() / channels;
    for (int i = 0; i < weight.size(); i++) {
      norms[i / size] += Math.abs(weight.values()[i]);
    }
    return IntStream.range(0, channels)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer channel) -> -norms[channel]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }
}
