"""Checks ONNX files and infers their shapes: one line a file, "NAME ok" or "NAME refused REASON"."""
import sys

import onnx
from onnx import checker, shape_inference

for name in sys.argv[1:]:
    try:
        model = onnx.load(name)
        checker.check_model(model, full_check=True)
        inferred = shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
        known = {value.name for value in inferred.graph.value_info}
        known.update(value.name for value in inferred.graph.output)
        for node in inferred.graph.node:
            for value in node.output:
                if value not in known:
                    raise ValueError("no shape for " + value)
        print(name, "ok")
    except Exception as e:
        print(name, "refused", str(e).strip().split("\n")[0])
