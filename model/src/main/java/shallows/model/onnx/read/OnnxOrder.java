package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** Which nodes of a file count, and in which order they can be computed. */
final class OnnxOrder {
  private OnnxOrder() {}

  /**
   * The nodes that a result depends on, in their order, each without the names of outputs that
   * nothing reads.
   */
  static List<NodeProto> live(List<NodeProto> nodes, Collection<String> results) {
    Map<String, NodeProto> producers = new HashMap<>();
    nodes.forEach(node -> node.getOutputList().forEach(name -> producers.putIfAbsent(name, node)));
    producers.remove("");
    Set<String> read = new HashSet<>(results);
    Deque<String> open = new ArrayDeque<>(read);
    while (!open.isEmpty()) {
      NodeProto node = producers.get(open.pop());
      if (node != null) {
        for (String input : inputs(node)) {
          if (read.add(input)) {
            open.push(input);
          }
        }
      }
    }
    List<NodeProto> live = new ArrayList<>();
    for (NodeProto node : nodes) {
      if (node.getOutputList().stream().anyMatch(read::contains)) {
        live.add(withOutputs(node, read));
      }
    }
    return live;
  }

  private static NodeProto withOutputs(NodeProto node, Set<String> read) {
    if (read.containsAll(node.getOutputList())) {
      return node;
    }
    NodeProto.Builder result = node.toBuilder().clearOutput();
    node.getOutputList().forEach(name -> result.addOutput(read.contains(name) ? name : ""));
    return result.build();
  }

  /** What a node reads, the graphs within it too. */
  private static Set<String> inputs(NodeProto node) {
    Set<String> names = new HashSet<>(node.getInputList());
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        addCaptured(attribute.getG(), names);
      }
    }
    names.remove("");
    return names;
  }

  private static void addCaptured(GraphProto graph, Set<String> names) {
    graph.getOutputList().forEach(output -> names.add(output.getName()));
    graph.getNodeList().forEach(node -> names.addAll(inputs(node)));
  }

  /**
   * The nodes in an order in which each comes behind those that it reads: that of the file where it
   * is one. Nodes that depend on themselves come last.
   */
  static List<NodeProto> sorted(List<NodeProto> nodes) {
    Map<String, Integer> producers = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).getOutputList()) {
        producers.putIfAbsent(output, i);
      }
    }
    producers.remove("");
    int[] missing = new int[nodes.size()];
    List<List<Integer>> readers = new ArrayList<>();
    nodes.forEach(node -> readers.add(new ArrayList<>()));
    for (int i = 0; i < nodes.size(); i++) {
      for (String input : inputs(nodes.get(i))) {
        Integer producer = producers.get(input);
        if (producer != null) {
          missing[i]++;
          readers.get(producer).add(i);
        }
      }
    }
    // The first in the file of those that can be computed.
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < missing.length; i++) {
      if (missing[i] == 0) {
        ready.add(i);
      }
    }
    List<NodeProto> sorted = new ArrayList<>();
    while (!ready.isEmpty()) {
      int next = ready.poll();
      sorted.add(nodes.get(next));
      for (int reader : readers.get(next)) {
        if (--missing[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    for (int i = 0; i < missing.length; i++) {
      if (missing[i] > 0) {
        sorted.add(nodes.get(i));
      }
    }
    return sorted;
  }
}
