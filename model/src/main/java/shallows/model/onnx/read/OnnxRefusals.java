package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The nodes of a file that are not read, with reasons, and how far the others come. */
final class OnnxRefusals {
  /** Of one operator and reason: a file may hold a million. */
  private static final int NAMED_NODES = 5;

  /** Names by operator and reason. */
  private final Map<String, List<String>> refused = new LinkedHashMap<>();

  private final Set<String> unknown = new HashSet<>();
  private String lastRead = "";
  private int read;
  private int behind;

  /** Reads a node, or keeps why it is refused. */
  void reading(NodeProto node, Runnable reading) {
    if (node.getInputList().stream().anyMatch(unknown::contains)) {
      unknown.addAll(node.getOutputList());
      if (OnnxNodeReader.knows(node)) {
        // Nothing wrong with it as far as one can see; what it reads is missing.
        behind++;
      } else {
        add(node, "unknown operation");
      }
      return;
    }
    try {
      reading.run();
      read++;
      lastRead = title(node);
    } catch (IllegalArgumentException e) {
      add(node, e.getMessage());
    } catch (ArithmeticException | IndexOutOfBoundsException e) {
      // Extents or axes of a damaged file that no check above foresaw.
      add(node, "its extents or axes cannot be right");
    }
  }

  void add(NodeProto node, String reason) {
    unknown.addAll(node.getOutputList());
    refused
        .computeIfAbsent(node.getOpType() + "\n" + reason, key -> new ArrayList<>())
        .add(name(node));
  }

  void throwIfAny(OnnxImport imported) {
    if (refused.isEmpty()) {
      return;
    }
    String all =
        refused.entrySet().stream()
            .map(entry -> described(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
    String rest =
        read == 0
            ? ""
            : "; the "
                + read
                + " nodes that do not depend on that can be read, the last of them "
                + lastRead
                + (behind == 0 ? "" : ", and " + behind + " depend on it");
    throw new IllegalArgumentException(
        "expected only what a graph can express, found " + all + rest);
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
