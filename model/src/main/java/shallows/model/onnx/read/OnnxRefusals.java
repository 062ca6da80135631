package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import shallows.model.onnx.constant.ConstantOperators;
import shallows.model.onnx.read.OnnxCoverage.Fate;

/** The nodes of a file that are not read, with reasons, and how far the others come. */
final class OnnxRefusals {
  /** Of one operator and reason: a file may hold a million. */
  private static final int NAMED_NODES = 5;

  /** Operators and reasons that a line names; the coverage has all. */
  private static final int NAMED_KINDS = 8;

  /** Names by operator and reason. */
  private final Map<String, List<String>> refused = new LinkedHashMap<>();

  private final Set<String> remedies = new LinkedHashSet<>();

  /** Values that are not read. */
  private final Set<String> unknown = new HashSet<>();

  /** What only follows from the shapes of those. */
  private final Set<String> unknownShapes = new HashSet<>();

  private final Map<String, Map<Fate, Integer>> fates = new TreeMap<>();
  private String lastRead = "";
  private int read;
  private int behind;

  /** Reads a node, or keeps why it is refused. */
  void reading(NodeProto node, Runnable reading) {
    reading(node, Fate.READ, reading);
  }

  /** Computes a node that depends on no pixel, or keeps why it is refused. */
  void folding(NodeProto node, Runnable folding) {
    reading(node, Fate.FOLDED, folding);
  }

  /** Counts nodes that nothing depends on. */
  void unused(NodeProto node) {
    count(node, Fate.UNUSED);
  }

  private void reading(NodeProto node, Fate fate, Runnable reading) {
    boolean values = node.getInputList().stream().anyMatch(unknown::contains);
    boolean shapes = node.getInputList().stream().anyMatch(unknownShapes::contains);
    if (values || shapes) {
      lacking(node, values);
      return;
    }
    try {
      reading.run();
      read++;
      lastRead = title(node);
      count(node, fate);
    } catch (IllegalArgumentException e) {
      add(node, e.getMessage());
    } catch (ArithmeticException | IndexOutOfBoundsException e) {
      // Extents or axes of a damaged file that no check above foresaw.
      add(node, "its extents or axes cannot be right");
    }
  }

  /** A node with nothing wrong as far as one can see; what it reads is missing. */
  private void lacking(NodeProto node, boolean values) {
    boolean looks = node.getOpType().equals("Shape") || node.getOpType().equals("Size");
    boolean computes = !values && ConstantOperators.knows(node);
    if (!looks && !computes && !OnnxNodeReader.knows(node)) {
      add(node, "unknown operation");
      return;
    }
    (looks || computes ? unknownShapes : unknown).addAll(node.getOutputList());
    behind++;
    count(node, Fate.BEHIND);
  }

  void add(NodeProto node, String reason) {
    unknown.addAll(node.getOutputList());
    unknown.remove("");
    refused
        .computeIfAbsent(operator(node) + "\n" + reason, key -> new ArrayList<>())
        .add(name(node));
    String remedy = OnnxRemedies.of(node, reason);
    if (!remedy.isEmpty()) {
      remedies.add(remedy);
    }
    count(node, Fate.REFUSED);
  }

  private void count(NodeProto node, Fate fate) {
    fates
        .computeIfAbsent(operator(node), key -> new EnumMap<>(Fate.class))
        .merge(fate, 1, Integer::sum);
  }

  private static String operator(NodeProto node) {
    return OnnxNodeReader.isStandard(node.getDomain())
        ? node.getOpType()
        : node.getDomain() + "." + node.getOpType();
  }

  /** Operator by operator, what became of its nodes. */
  OnnxCoverage coverage() {
    List<OnnxCoverage.Operator> operators = new ArrayList<>();
    fates.forEach(
        (operator, nodes) ->
            operators.add(
                new OnnxCoverage.Operator(
                    operator,
                    nodes,
                    refused.keySet().stream()
                        .filter(key -> key.startsWith(operator + "\n"))
                        .map(key -> key.substring(operator.length() + 1))
                        .toList())));
    return new OnnxCoverage(operators);
  }

  void throwIfAny() {
    if (refused.isEmpty()) {
      return;
    }
    String all =
        refused.entrySet().stream()
            .limit(NAMED_KINDS)
            .map(entry -> described(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
    int more = refused.size() - NAMED_KINDS;
    String kinds = more > 0 ? " and " + more + " more kinds of nodes" : "";
    String rest =
        read == 0
            ? ""
            : "; "
                + (read == 1 ? "1 node that does" : read + " nodes that do")
                + " not depend on that can be read, the last of them "
                + lastRead
                + (behind == 0 ? "" : ", and " + behind + " depend" + (behind == 1 ? "s" : ""))
                + (behind == 0 ? "" : " on it");
    throw new RefusedFileException(
        "expected only what a graph can express, found " + all + kinds + rest,
        OnnxRemedies.of(List.copyOf(remedies)));
  }

  private static String described(String key, List<String> names) {
    String operator = key.substring(0, key.indexOf('\n'));
    String reason = key.substring(key.indexOf('\n') + 1);
    String first =
        names.stream()
            .limit(NAMED_NODES)
            .map(name -> "'" + name + "'")
            .collect(Collectors.joining(", "));
    int more = names.size() - NAMED_NODES;
    return operator
        + " "
        + first
        + (more > 0 ? " and " + more + " more" : "")
        + " ("
        + reason
        + ")";
  }

  static String title(NodeProto node) {
    return node.getOpType() + " '" + name(node) + "'";
  }

  private static String name(NodeProto node) {
    boolean named = !node.getName().isEmpty() || node.getOutputCount() == 0;
    return named ? node.getName() : node.getOutput(0);
  }
}
