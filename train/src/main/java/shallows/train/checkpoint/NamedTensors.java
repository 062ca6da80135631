package shallows.train.checkpoint;

import java.util.Map;
import shallows.model.graph.Tensor;

/**
 * Tensors and texts by name: what a {@link SafeTensors} file holds.
 *
 * @param tensors in the order of the file
 * @param texts the file's {@code __metadata__}
 */
record NamedTensors(Map<String, Tensor> tensors, Map<String, String> texts) {}
