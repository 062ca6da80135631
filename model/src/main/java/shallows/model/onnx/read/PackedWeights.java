package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import shallows.model.onnx.OnnxMetadata;

/**
 * Files of ours whose binary weights are packed to bits. The nodes that unpack them are for a
 * runtime; a graph has no such operations, and needs none, since each such file has a twin at fp32.
 */
final class PackedWeights {
  static final String REFUSAL =
      "expected weights of floats, found binary weights packed as bits; take the file of the same"
          + " name that ends in -fp32.onnx, which is the same network";

  /** Looks signs up, along axis 0; others that we write look along rows and columns. */
  private static final String UNPACKING = "Gather";

  private PackedWeights() {}

  static boolean areIn(ModelProto model) {
    return model.getProducerName().equals(OnnxMetadata.PRODUCER)
        && model.getGraph().getNodeList().stream().anyMatch(PackedWeights::unpacks);
  }

  private static boolean unpacks(NodeProto node) {
    return node.getOpType().equals(UNPACKING)
        && node.getAttributeList().stream()
            .noneMatch(other -> other.getName().equals("axis") && other.getI() != 0);
  }
}
