"""Makes one channel inside some blocks K times larger, and the layer behind it as much less so:

    python3 bench/python/outlier_channels.py IN.onnx OUT.onnx K BLOCK...

The function is the same in floats; the other channels of such a value get next to none of the
levels of 8 bits. Blocks are counted from 1 on: each is a convolution, a Relu and a convolution.
"""

import sys

import onnx
from onnx import numpy_helper

CHANNEL = 3


def main(source, target, factor, *blocks):
    model = onnx.load(source)
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    readers = {}
    for node in model.graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)

    def only_reader(node, operator):
        found = readers.get(node.output[0], [])
        return found[0] if len(found) == 1 and found[0].op_type == operator else None

    def scale(name, by, axis):
        values = numpy_helper.to_array(tensors[name]).copy()
        values[(slice(None),) * axis + (CHANNEL,)] *= by
        tensors[name].CopyFrom(numpy_helper.from_array(values, name))

    block = 0
    for first in [node for node in model.graph.node if node.op_type == "Conv"]:
        relu = only_reader(first, "Relu")
        second = relu and only_reader(relu, "Conv")
        if second and len(first.input) == 3:
            block += 1
            if str(block) in blocks:
                scale(first.input[1], float(factor), 0)
                scale(first.input[2], float(factor), 0)
                scale(second.input[1], 1 / float(factor), 1)
    onnx.save(model, target)


main(*sys.argv[1:])
