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

  /** Looks signs up; nothing else that we write has such a node. */
  private static final String UNPACKING = "Gather";

  private PackedWeights() {}

  static boolean areIn(ModelProto model) {
    return model.getProducerName().equals(OnnxMetadata.PRODUCER)
        && model.getGraph().getNodeList().stream()
            .map(NodeProto::getOpType)
            .anyMatch(UNPACKING::equals);
  }
}
