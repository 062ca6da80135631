"""Writes small networks, each a way in which people write something, as ONNX files.

Arguments: the folder, then opsets. Files are DESIGN-OPSET.onnx; what the exporter of an opset does
not know is left out.
"""

import sys

import torch
import torch.nn.functional as F
from torch import nn

CHANNELS, HEIGHT, WIDTH = 8, 12, 10


class Design(nn.Module):
    """A convolution, the design, and everything flat."""

    def __init__(self, function, *modules):
        super().__init__()
        self.stem = nn.Conv2d(3, CHANNELS, 3, padding=1)
        self.parts = nn.ModuleList(modules)
        self.function = function

    def forward(self, x):
        return self.function(self.stem(x), *self.parts).flatten(1)


class Scaled(nn.Module):
    """Parameters of any shape that are not zero."""

    def __init__(self, *shape):
        super().__init__()
        self.value = nn.Parameter(torch.rand(*shape) + 0.5)

    def forward(self):
        return self.value


def option_a(x, zeros):
    return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, zeros, zeros))


def layer_norm_first(x, weight, bias):
    u = x.mean(1, keepdim=True)
    s = (x - u).pow(2).mean(1, keepdim=True)
    x = (x - u) / torch.sqrt(s + 1e-6)
    return weight()[:, None, None] * x + bias()[:, None, None]


def layer_norm_last(x, weight):
    x = x.permute(0, 2, 3, 1)
    d = x - x.mean(-1, keepdim=True)
    x = d * torch.rsqrt((d * d).mean(-1, keepdim=True) + 1e-5) * weight()
    return x.permute(0, 3, 1, 2)


def space_to_depth(x):
    n, c, h, w = x.size()
    x = x.view(n, c, h // 2, 2, w // 2, 2).permute(0, 3, 5, 1, 2, 4).contiguous()
    return x.view(n, c * 4, h // 2, w // 2)


def shuffled(x, groups):
    n, c, h, w = x.size()
    return x.view(n, groups, c // groups, h, w).transpose(1, 2).contiguous().view(n, -1, h, w)


def eca(x, conv):
    y = F.adaptive_avg_pool2d(x, 1)
    y = conv(y.squeeze(-1).transpose(-1, -2)).transpose(-1, -2).unsqueeze(-1)
    return x * torch.sigmoid(y).expand_as(x)


def cbam(x, conv):
    both = torch.cat([x.mean(1, keepdim=True), x.max(1, keepdim=True)[0]], 1)
    return x * torch.sigmoid(conv(both))


def grn(x, gamma, beta):
    x = x.permute(0, 2, 3, 1)
    length = torch.norm(x, p=2, dim=(1, 2), keepdim=True)
    share = length / (length.mean(dim=-1, keepdim=True) + 1e-6)
    return (gamma() * (x * share) + beta() + x).permute(0, 3, 1, 2)


def residual(x, shortcut, a, b, c, d):
    y = F.relu(x + b(F.relu(a(x))))
    return F.relu(shortcut(y) + d(F.relu(c(y))))


def two_blocks(shortcut):
    return (
        lambda x, *convs: residual(x, shortcut, *convs).mean((2, 3)), conv(size=3, padding=1),
        conv(size=3, padding=1), conv(16, size=3, padding=1, stride=2), conv(16, 16, 3, padding=1))


def conv(outputs=CHANNELS, inputs=CHANNELS, size=1, **more):
    return nn.Conv2d(inputs, outputs, size, **more)


def randomized(norm):
    nn.init.uniform_(norm.weight, 0.5, 1.5)
    nn.init.uniform_(norm.bias)
    return norm


HALF = CHANNELS // 2
DESIGNS = {
    "blocks-2-slice-pad": two_blocks(lambda x: option_a(x, HALF)),
    "blocks-2-slice-cat": two_blocks(
        lambda x: torch.cat([x[:, :, ::2, ::2], torch.zeros_like(x[:, :, ::2, ::2])], 1)),
    "blocks-2-pool-cat": two_blocks(
        lambda x: (lambda y: torch.cat((y, y.mul(0)), 1))(F.avg_pool2d(x, 1, 2))),
    "blocks-2-pool-pad": two_blocks(
        lambda x: F.pad(F.avg_pool2d(x, 2), (0, 0, 0, 0, 0, CHANNELS))),
    "option-a-slice-pad": (lambda x: option_a(x, HALF),),
    "option-a-slice-cat": (
        lambda x: torch.cat([x[:, :, ::2, ::2], torch.zeros_like(x[:, :, ::2, ::2])], 1),),
    "option-a-pool-cat": (
        lambda x: (lambda y: torch.cat((y, y.mul(0)), 1))(F.avg_pool2d(x, 1, 2)),),
    "zero-pad": (lambda x, c: c(F.pad(x, (1, 2, 0, 1))), conv(size=3)),
    "constant-pad": (lambda x: F.pad(x, (1, 2, 0, 1), value=0.5),),
    "pad-of-channels": (lambda x: F.pad(x, (1, 0, 0, 0, 2, 1), value=-1.5),),
    "reflection-pad": (lambda x, p: p(x), nn.ReflectionPad2d((1, 2, 3, 0))),
    "replication-pad": (lambda x, p: p(x), nn.ReplicationPad2d((1, 2, 3, 0))),
    "negative-pad": (lambda x: F.pad(x, (-1, 1, 2, -3)),),
    "mean-mean": (lambda x: x.mean(3).mean(2),),
    "mean-mean-kept": (lambda x: x.mean(3, keepdim=True).mean(2, keepdim=True),),
    "view-mean": (lambda x: x.view(x.size(0), x.size(1), -1).mean(dim=2),),
    "flatten-mean": (lambda x: x.flatten(2).mean(-1),),
    "squeeze-squeeze": (lambda x: F.adaptive_avg_pool2d(x, 1).squeeze(-1).squeeze(-1),),
    "pool-0-0": (lambda x, l: l(F.adaptive_avg_pool2d(x, 1)[:, :, 0, 0]), nn.Linear(CHANNELS, 5)),
    "max-all": (lambda x: x.amax((2, 3)),),
    "gate-none": (lambda x, l: x * torch.sigmoid(l(x.mean((2, 3))))[:, :, None, None],
                  nn.Linear(CHANNELS, CHANNELS)),
    "gate-view": (lambda x, l: x * torch.sigmoid(l(x.mean((2, 3)))).view(x.size(0), x.size(1), 1, 1),
                  nn.Linear(CHANNELS, CHANNELS)),
    "gate-unsqueeze": (
        lambda x, l: torch.sigmoid(l(x.mean((2, 3)))).unsqueeze(2).unsqueeze(3) * x,
        nn.Linear(CHANNELS, CHANNELS)),
    "gate-expand": (
        lambda x, c: x * F.hardsigmoid(c(F.adaptive_avg_pool2d(x, 1))).expand_as(x), conv()),
    "hard-swish-1": (lambda x: x * F.relu6(x + 3) / 6,),
    "hard-swish-2": (lambda x: x * (F.relu6(x + 3.0) * (1 / 6)),),
    "hard-swish-3": (lambda x: F.relu6(3 + x).div(6).mul(x),),
    "hard-swish-4": (lambda x: F.hardtanh(x + 3, 0, 6) * (x / 6.0),),
    "hard-sigmoid": (lambda x: F.relu6(x + 3) / 6,),
    "gelu": (lambda x: F.gelu(x),),
    "gelu-tanh": (lambda x: F.gelu(x, approximate="tanh"),),
    "gelu-tanh-by-hand": (
        lambda x: 0.5 * x * (1 + torch.tanh(0.7978845608 * x * (1 + 0.044715 * x * x))),),
    "gelu-quick": (lambda x: x * torch.sigmoid(1.702 * x),),
    "layer-norm-first": (layer_norm_first, Scaled(CHANNELS), Scaled(CHANNELS)),
    "layer-norm-last": (layer_norm_last, Scaled(CHANNELS)),
    "layer-norm-turned": (
        lambda x, n: n(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), randomized(nn.LayerNorm(CHANNELS))),
    "layer-norm-vector": (
        lambda x, n, l: l(n(x.mean((2, 3)))), randomized(nn.LayerNorm(CHANNELS)), nn.Linear(CHANNELS, 4)),
    "group-norm": (lambda x, n: n(x), randomized(nn.GroupNorm(4, CHANNELS))),
    "group-norm-1": (lambda x, n: n(x), randomized(nn.GroupNorm(1, CHANNELS))),
    "instance-norm": (lambda x, n: n(x), nn.InstanceNorm2d(CHANNELS)),
    "instance-norm-affine": (
        lambda x, n: n(x), randomized(nn.InstanceNorm2d(CHANNELS, affine=True))),
    "normalize": (lambda x: F.normalize(x, dim=1),),
    "normalize-vector": (lambda x: F.normalize(x.mean((2, 3))),),
    "grn": (grn, Scaled(CHANNELS), Scaled(CHANNELS)),
    "lp-pool": (lambda x: F.lp_pool2d(F.relu(x) + 0.1, 2.0, 3, 2),),
    "gem": (lambda x: F.avg_pool2d(x.clamp(min=1e-6).pow(3), (12, 10)).pow(1 / 3),),
    "tanh": (lambda x: torch.tanh(x),),
    "elu": (lambda x: F.elu(x),),
    "elu-of-half": (lambda x: F.elu(x, 0.5),),
    "selu": (lambda x: F.selu(x),),
    "celu": (lambda x: F.celu(x, 2.0),),
    "softplus": (lambda x: F.softplus(x),),
    "mish": (lambda x: F.mish(x),),
    "mish-by-hand": (lambda x: x * torch.tanh(F.softplus(x)),),
    "silu": (lambda x: F.silu(x),),
    "prelu": (lambda x, p: p(x), nn.PReLU(CHANNELS)),
    "prelu-of-one": (lambda x, p: p(x), nn.PReLU()),
    "exp-log-abs": (lambda x: torch.log(torch.exp(x) + x.abs()),),
    "sqrt-reciprocal": (lambda x: 1 / torch.sqrt(x.abs() + 1) + 2 / (x.abs() + 1),),
    "squared-relu": (lambda x: F.relu(x) ** 2,),
    "cube": (lambda x: torch.pow(x, 3),),
    "one-minus": (lambda x: 1 - torch.sigmoid(x),),
    "min-max": (lambda x, c: torch.max(torch.min(x, c(x)), -x), conv()),
    "max-with-number": (lambda x: torch.clamp(x, min=0.1),),
    "sub-div": (lambda x, c: (x - c(x)) / (c(x).abs() + 1), conv()),
    "constants": (
        lambda x, a, b, c: x * a() - b() + c() / (x.abs() + 1),
        Scaled(1, 1, HEIGHT, WIDTH), Scaled(CHANNELS, HEIGHT, WIDTH), Scaled(CHANNELS, 1, WIDTH)),
    "spatial-gate": (lambda x, c: x * torch.sigmoid(c(x)), conv(1)),
    "outer-sum": (lambda x, c: F.adaptive_avg_pool2d(x, 1) + c(x), conv(1)),
    "grey-repeated": (lambda x, c: c(x.mean(1, keepdim=True).repeat(1, 3, 1, 1)), conv(4, 3)),
    "grey-expanded": (lambda x, c: c(x.mean(1, keepdim=True).expand(-1, 3, -1, -1)), conv(4, 3)),
    "rows-expanded": (
        lambda x, c: c(x.mean(2, keepdim=True).expand(-1, -1, HEIGHT, -1)), conv()),
    "tiled": (lambda x, c: c(x.repeat(1, 2, 1, 3)), conv(4, 2 * CHANNELS)),
    "log-sum-exp": (lambda x: torch.logsumexp(x, (2, 3)),),
    "log-sum-exp-kept": (lambda x: torch.logsumexp(x, 1, keepdim=True),),
    "cbam": (cbam, conv(1, 2, 3, padding=1)),
    "eca": (eca, nn.Conv1d(1, 1, 3, padding=1, bias=False)),
    "coordinate": (
        lambda x, c: x * torch.sigmoid(c(x.mean(3, keepdim=True))) * x.mean(2, keepdim=True), conv()),
    "softmax-of-channels": (lambda x: torch.softmax(x, 1),),
    "nearest": (lambda x: F.interpolate(x, scale_factor=2),),
    "nearest-size": (lambda x: F.interpolate(x, size=(7, 15)),),
    "bilinear": (lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False),),
    "bilinear-size": (lambda x: F.interpolate(x, size=(7, 15), mode="bilinear", align_corners=False),),
    "bilinear-aligned": (lambda x: F.interpolate(x, size=(7, 15), mode="bilinear", align_corners=True),),
    "bilinear-factor": (lambda x: F.interpolate(
        x, scale_factor=1.7, mode="bilinear", recompute_scale_factor=False),),
    "bicubic": (lambda x: F.interpolate(x, size=(7, 15), mode="bicubic", align_corners=False),),
    "bicubic-aligned": (lambda x: F.interpolate(x, size=(9, 4), mode="bicubic", align_corners=True),),
    "conv-transpose": (
        lambda x, c: c(x), nn.ConvTranspose2d(CHANNELS, 5, 3, stride=2, padding=1, output_padding=1)),
    "conv-transpose-groups": (
        lambda x, c: c(x), nn.ConvTranspose2d(CHANNELS, 4, 4, stride=2, padding=1, groups=4)),
    "conv-transpose-of-one": (lambda x, c: c(x), nn.ConvTranspose2d(CHANNELS, 4, 3, dilation=2)),
    "max-pool-dilated": (lambda x: F.max_pool2d(x, 3, 1, 1, dilation=2),),
    "max-pool-dilated-stride": (lambda x: F.max_pool2d(x, 3, 2, 1, dilation=2),),
    "max-pool-ceil": (lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True),),
    "pixel-shuffle": (lambda x: F.pixel_shuffle(x, 2),),
    "pixel-unshuffle": (lambda x: F.pixel_unshuffle(x, 2),),
    "space-to-depth": (space_to_depth,),
    "focus": (
        lambda x, c: c(torch.cat([x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2],
                                  x[..., 1::2, 1::2]], 1)), conv(4, 32)),
    "patch-merging": (
        lambda x, l: (lambda y: l(torch.cat([y[:, 0::2, 0::2], y[:, 1::2, 0::2], y[:, 0::2, 1::2],
                                             y[:, 1::2, 1::2]], -1)))(x.permute(0, 2, 3, 1)),
        nn.Linear(32, 4)),
    "flips-of-channels": (lambda x, c: c(x[:, [2, 1, 0]]), conv(4, 3)),
    "transform-input": (
        lambda x: torch.cat([torch.unsqueeze(x[:, i], 1) * (0.5 + i) + 0.1 * i for i in range(3)], 1),),
    "shuffle": (lambda x: shuffled(x, 4),),
    "chunks": (lambda x: (lambda a, b: a * torch.sigmoid(b))(*x.chunk(2, 1)),),
    "concat-of-rows": (lambda x: torch.cat([x, F.relu(x)], 2),),
    "crop": (lambda x: x[:, 1:6, 2:-1, 3:],),
    "linear-last": (
        lambda x, l: l(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), nn.Linear(CHANNELS, 5)),
    "tokens-mixed": (
        lambda x, l: (x.flatten(2).transpose(1, 2) + l(x.flatten(2).transpose(1, 2))).mean(1),
        nn.Linear(CHANNELS, CHANNELS)),
    "softmax-flat": (lambda x, l: torch.softmax(l(x.mean((2, 3))), 1).view(x.size(0), -1),
                     nn.Linear(CHANNELS, 5)),
    "log-softmax-image": (
        lambda x, c: F.log_softmax(F.adaptive_avg_pool2d(c(x), 1), 1).flatten(1), conv(5)),
}


def main(folder, opsets):
    with open(folder + "/version.txt", "w") as version:
        version.write(torch.__version__)
    torch.manual_seed(3)
    image = torch.randn(1, 3, HEIGHT, WIDTH)
    for name, (function, *modules) in DESIGNS.items():
        network = Design(function, *modules).eval()
        for opset in opsets:
            try:
                torch.onnx.export(
                    network, image, "%s/%s-%d.onnx" % (folder, name, opset), opset_version=opset,
                    dynamic_axes={"x": {0: "n"}}, input_names=["x"], output_names=["y"])
            except (RuntimeError, torch.onnx.errors.OnnxExporterError) as error:
                print(name, opset, str(error).splitlines()[0], file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], [int(opset) for opset in sys.argv[2:]])
