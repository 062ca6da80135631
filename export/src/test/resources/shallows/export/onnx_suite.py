"""Writes the cases of the onnx project's own node suite that take an image: python3 FILE FOLDER

A case takes one where its first input is of floats and has four axes. What else goes in becomes a
constant with the value that the suite gives it, the batch is left open, and what comes out is made
a vector, so that each file is a classifier of one operator.
"""

import os
import sys

import numpy

# The suite of older packages names types that newer ones of numpy lack.
for name, kind in {"float": float, "bool": bool, "int": int, "object": object}.items():
    if name not in numpy.__dict__:
        setattr(numpy, name, kind)

import onnx
import onnx.defs
from onnx import numpy_helper
from onnx.backend.test.case import node

FLOATS = (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.DOUBLE)


def is_image(value):
    kind = value.type.tensor_type
    return kind.elem_type in FLOATS and len(kind.shape.dim) == 4


# The oldest that is read. Cases of operators that have not changed since name an older one.
OLDEST = 7


def is_unchanged(item, version):
    try:
        return onnx.defs.get_schema(item.op_type, OLDEST).since_version <= version
    except onnx.defs.SchemaError:
        return False


def classifier(case):
    model = onnx.ModelProto()
    model.CopyFrom(case.model)
    version = model.opset_import[0].version
    if version < OLDEST and all(is_unchanged(item, version) for item in model.graph.node):
        model.opset_import[0].version = OLDEST
    graph = model.graph
    if not graph.input or not is_image(graph.input[0]):
        return None
    values = case.data_sets[0][0]
    if len(values) != len(graph.input):
        return None
    for value, given in list(zip(values, graph.input))[1:]:
        if not isinstance(value, numpy.ndarray):
            return None
        graph.initializer.append(numpy_helper.from_array(value, given.name))
    del graph.input[1:]
    graph.input[0].type.tensor_type.shape.dim[0].dim_param = "N"
    first = graph.output[0]
    if not first.type.HasField("tensor_type"):
        return None
    kind = first.type.tensor_type.elem_type
    del graph.output[:]
    graph.node.append(onnx.helper.make_node("Flatten", [first.name], ["vector"], axis=1))
    graph.output.append(onnx.helper.make_tensor_value_info("vector", kind, None))
    return model


def main():
    folder = sys.argv[1]
    for case in node.collect_testcases(None):
        model = classifier(case)
        if model is not None:
            # The last is the Flatten that was added; a function of several nodes ends in its own.
            operator = model.graph.node[-2].op_type
            name = operator + "-" + case.name.replace("test_", "", 1) + ".onnx"
            onnx.save(model, os.path.join(folder, name))
    with open(os.path.join(folder, "version.txt"), "w") as version:
        version.write(onnx.__version__)


main()
