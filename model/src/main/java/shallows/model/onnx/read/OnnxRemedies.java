package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Set;
import shallows.model.Phrase;

/** The way out for each kind of node that is refused. */
final class OnnxRemedies {
  /** Where nothing better is known. */
  static final Phrase USUAL = Phrase.of("export the network without that");

  private static final Set<String> CONTROL = Set.of("If", "Loop", "Scan", "SequenceAt", "NonZero");

  private static final Set<String> INTEGERS =
      Set.of(
          "QuantizeLinear",
          "DequantizeLinear",
          "QLinearConv",
          "ConvInteger",
          "MatMulInteger",
          "QLinearMatMul");

  private static final Set<String> RANDOM =
      Set.of(
          "RandomNormal",
          "RandomUniform",
          "RandomNormalLike",
          "RandomUniformLike",
          "Bernoulli",
          "Multinomial");

  private OnnxRemedies() {}

  /** Said once each, in the order in which the nodes were refused. */
  static Phrase of(List<String> remedies) {
    return remedies.isEmpty() ? USUAL : Phrase.of(String.join("; ", remedies));
  }

  /** Of one node; empty where the usual one is the best. */
  static String of(NodeProto node, String reason) {
    if (!OnnxNodeReader.isStandard(node.getDomain())) {
      return "take the file that the framework exported, before an optimizer put operators of its"
          + " own domain ("
          + node.getDomain()
          + ") into it";
    }
    if (reason.contains("training mode") || RANDOM.contains(node.getOpType())) {
      return "export the network for inference (in PyTorch, model.eval() first)";
    }
    if (INTEGERS.contains(node.getOpType())) {
      return "take the network in floats, or quantized in the QDQ format, with one scale for each"
          + " value";
    }
    if (CONTROL.contains(node.getOpType())) {
      return "export with fixed sizes, so that nothing is decided while the network runs, or"
          + " simplify the file with onnxsim";
    }
    if (reason.contains("number of images")) {
      return "export with a batch of one image, or simplify the file with onnxsim";
    }
    return "";
  }
}
