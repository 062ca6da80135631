"""Writes the files of the folder «quantized»: one small network as others quantize it.

python quantized_networks.py pytorch FOLDER      PyTorch 1.13: floats, and two of its quantizations
python quantized_networks.py onnxruntime FOLDER  ONNX Runtime 1.30, of those floats
"""
import sys


def pytorch(folder):
    import torch
    from torch import nn

    class Network(nn.Module):
        def __init__(self, activation):
            super().__init__()
            self.enter = torch.ao.quantization.QuantStub()
            self.leave = torch.ao.quantization.DeQuantStub()
            self.stem, self.a1 = nn.Conv2d(3, 8, 3, padding=1), activation()
            self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)
            self.pointwise = nn.Conv2d(8, 8, 1)
            self.a2 = activation()
            self.sum, self.both = nn.quantized.FloatFunctional(), nn.quantized.FloatFunctional()
            self.down, self.a3 = nn.Conv2d(8, 8, 3, stride=2, padding=1), activation()
            self.pool, self.mean = nn.MaxPool2d(3, 2, 1), nn.AdaptiveAvgPool2d(1)
            self.classifier = nn.Linear(16, 5)

        def forward(self, x):
            x = self.a1(self.stem(self.enter(x)))
            branch = self.pointwise(self.a2(self.depthwise(x)))
            add = self.sum.add_relu if isinstance(self.a1, nn.ReLU) else self.sum.add
            x = add(x, branch)
            x = self.both.cat([self.a3(self.down(x)), self.pool(x)], 1)
            return self.leave(self.classifier(torch.flatten(self.mean(x), 1)))

    def export(network, name):
        image = torch.randn(1, 3, 8, 8)
        torch.onnx.export(network, image, f"{folder}/{name}.onnx", opset_version=13)

    torch.manual_seed(1)
    for name, activation in (("relu", nn.ReLU), ("relu6", nn.ReLU6)):
        network = Network(activation).eval()
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.mul_(2 if parameter.dim() > 1 else 1)
        export(network, name)
    torch.backends.quantized.engine = "qnnpack"
    for name, engine in (("pytorch", "fbgemm"), ("pytorch-one-scale", "qnnpack")):
        network = Network(nn.ReLU).eval()
        pairs = [["stem", "a1"], ["depthwise", "a2"], ["down", "a3"]]
        network = torch.ao.quantization.fuse_modules(network, pairs)
        network.qconfig = torch.ao.quantization.get_default_qconfig(engine)
        network = torch.ao.quantization.prepare(network)
        with torch.no_grad():
            for _ in range(4):
                network(torch.randn(8, 3, 8, 8))
        export(torch.ao.quantization.convert(network), name)


def onnxruntime(folder):
    import numpy
    import onnx
    from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static

    class Images(CalibrationDataReader):
        def __init__(self, network):
            self.name = onnx.load(network).graph.input[0].name
            noise = numpy.random.default_rng(1)
            shape = (32, 1, 3, 8, 8)
            self.images = iter(noise.standard_normal(shape, dtype=numpy.float32))

        def get_next(self):
            image = next(self.images, None)
            return None if image is None else {self.name: image}

    u8, s8, u16 = QuantType.QUInt8, QuantType.QInt8, QuantType.QUInt16
    forms = {
        "u8": (u8, s8, False),
        "u8-each": (u8, s8, True),
        "s8-each": (s8, s8, True),
        "u8u8": (u8, u8, False),
        "u16": (u16, s8, False),
    }
    for source in ("relu", "relu6"):
        for form, (values, weights, each) in forms.items():
            quantize_static(
                f"{folder}/{source}.onnx",
                f"{folder}/{source}-{form}.onnx",
                Images(f"{folder}/{source}.onnx"),
                activation_type=values,
                weight_type=weights,
                per_channel=each,
            )


if __name__ == "__main__":
    {"pytorch": pytorch, "onnxruntime": onnxruntime}[sys.argv[1]](sys.argv[2])
