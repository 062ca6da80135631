"""Writes small networks of tokens and attention as ONNX files: python3 FILE FOLDER OPSET ...

Files are BLOCKS-DESIGN-OPSET.onnx, BLOCKS the number of residual blocks, for any number of images;
those that end in -one are for one image at a time.
"""

import contextlib
import math
import sys

import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models import maxvit, swin_transformer, vision_transformer

CLASSES = 5


class Patches(nn.Module):
    """Class tokens, as many as asked for, patches and their positions, blocks, a norm and a head."""

    def __init__(self, blocks, width=16, size=16, patch=4, tokens=1, pool="token"):
        super().__init__()
        self.patch = nn.Conv2d(3, width, patch, patch)
        self.tokens = nn.Parameter(torch.randn(1, tokens, width)) if tokens else None
        self.positions = nn.Parameter(torch.randn(1, (size // patch) ** 2 + tokens, width))
        self.blocks = nn.Sequential(*blocks)
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.head = nn.Linear(width, CLASSES)
        self.other = nn.Linear(width, CLASSES)
        self.pool = pool

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        if self.tokens is not None:
            x = torch.cat((self.tokens.expand(x.shape[0], -1, -1), x), dim=1)
        x = self.norm(self.blocks(x + self.positions))
        if self.pool == "mean":
            return self.head(x.mean(1))
        if self.pool == "both":
            return (self.head(x[:, 0]) + self.other(x[:, 1])) / 2
        return self.head(x[:, 0])


class Mlp(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    """Pre-norm, as in ViT, or with layer scale."""

    def __init__(self, attention, width=16, scale=False):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = attention
        self.norm2 = nn.LayerNorm(width)
        self.mlp = Mlp(width, 2 * width)
        self.scales = nn.Parameter(torch.rand(2, width) + 0.5) if scale else None

    def forward(self, x):
        if self.scales is None:
            x = x + self.attention(self.norm1(x))
            return x + self.mlp(self.norm2(x))
        x = x + self.scales[0] * self.attention(self.norm1(x))
        return x + self.scales[1] * self.mlp(self.norm2(x))


class Attention(nn.Module):
    """One projection for queries, keys and values; how these become heads is what differs."""

    def __init__(self, spelling, width=16, heads=2):
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.projection = nn.Linear(width, width)
        self.bias = nn.Parameter(torch.randn(heads, 17, 17))
        self.heads = heads
        self.spelling = spelling

    def forward(self, x):
        n, l, c = x.shape
        return self.projection(getattr(self, self.spelling)(x, n, l, c, c // self.heads))

    def timm(self, x, n, l, c, d):
        q, k, v = self.qkv(x).reshape(n, l, 3, self.heads, d).permute(2, 0, 3, 1, 4).unbind(0)
        weights = (q @ k.transpose(-2, -1) * d**-0.5).softmax(dim=-1)
        return (weights @ v).transpose(1, 2).reshape(n, l, c)

    def indexed(self, x, n, l, c, d):
        qkv = self.qkv(x).reshape(n, l, 3, self.heads, d).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0] * d**-0.5, qkv[1], qkv[2]
        return ((q @ k.transpose(-2, -1) + self.bias).softmax(-1) @ v).transpose(1, 2).flatten(2)

    def chunks(self, x, n, l, c, d):
        q, k, v = (
            t.view(n, l, self.heads, d).transpose(1, 2) for t in self.qkv(x).chunk(3, dim=-1))
        weights = torch.softmax(torch.matmul(q, k.transpose(2, 3)) / math.sqrt(d), -1)
        return torch.matmul(weights, v).permute(0, 2, 1, 3).contiguous().view(n, l, c)

    def per_head(self, x, n, l, c, d):
        q, k, v = self.qkv(x).view(n, l, self.heads, 3 * d).transpose(1, 2).chunk(3, -1)
        return ((q @ k.transpose(-2, -1) / math.sqrt(d)).softmax(-1) @ v).transpose(1, 2).reshape(n, l, c)

    def scaled(self, x, n, l, c, d):
        """As scaled_dot_product_attention is exported, the root of the scale on both sides."""
        q, k, v = (
            t.reshape(n, l, self.heads, d).transpose(1, 2) for t in self.qkv(x).split(c, -1))
        root = torch.sqrt(1 / torch.sqrt(torch.tensor(q.shape[-1], dtype=torch.float32)))
        weights = F.softmax(torch.matmul(q * root, k.transpose(-1, -2) * root), -1)
        return torch.matmul(weights, v).transpose(1, 2).reshape(n, l, c)

    def einsum(self, x, n, l, c, d):
        q, k, v = (t.reshape(n, l, self.heads, d) for t in self.qkv(x).chunk(3, -1))
        weights = (torch.einsum("nihd,njhd->nhij", q, k) * d**-0.5).softmax(-1)
        return torch.einsum("nhij,njhd->nihd", weights, v).reshape(n, l, c)

    def heads_in_batch(self, x, n, l, c, d):
        q, k, v = (
            t.reshape(n, l, self.heads, d).permute(0, 2, 1, 3).reshape(n * self.heads, l, d)
            for t in self.qkv(x).chunk(3, -1))
        weights = torch.bmm(q * d**-0.5, k.transpose(1, 2)).softmax(-1)
        return torch.bmm(weights, v).reshape(n, self.heads, l, d).transpose(1, 2).reshape(n, l, c)

    def keys_first(self, x, n, l, c, d):
        q, k, v = self.qkv(x).transpose(1, 2).reshape(n, 3, self.heads, d, l).unbind(1)
        weights = (k.transpose(-2, -1) @ q * d**-0.5).softmax(dim=-2)
        return (v @ weights).reshape(n, c, l).transpose(1, 2)


    def cosine(self, x, n, l, c, d):
        """As Swin v2 scales it, for each head."""
        q, k, v = self.qkv(x).reshape(n, l, 3, self.heads, d).permute(2, 0, 3, 1, 4)
        scores = F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-2, -1)
        scale = torch.clamp(self.bias[:, :1, :1] + 2, max=math.log(100.0)).exp()
        return ((scores * scale).softmax(-1) @ v).transpose(1, 2).reshape(n, l, c)

    def linear(self, x, n, l, c, d):
        """Keys and values first, so that it takes as long as there are tokens."""
        q, k, v = self.qkv(x).reshape(n, l, 3, self.heads, d).permute(2, 0, 3, 1, 4)
        context = k.softmax(-2).transpose(-2, -1) @ v
        return (q.softmax(-1) @ context).transpose(1, 2).reshape(n, l, c)

    def linear_relu(self, x, n, l, c, d):
        """As EfficientViT normalizes it, by one more column of ones."""
        q, k, v = self.qkv(x).reshape(n, l, 3, self.heads, d).permute(2, 0, 3, 1, 4)
        v = F.pad(v, (0, 1), value=1.0)
        y = F.relu(q) @ (F.relu(k).transpose(-1, -2) @ v)
        return (y[..., :-1] / (y[..., -1:] + 1e-2)).transpose(1, 2).reshape(n, l, c)

    def cross_covariance(self, x, n, l, c, d):
        """Channels attend to channels, as in XCiT."""
        q, k, v = self.qkv(x).reshape(n, l, 3, self.heads, d).permute(2, 0, 3, 4, 1)
        scores = F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-2, -1)
        weights = (scores * (self.bias[:, :1, :1] + 2)).softmax(-1)
        return (weights @ v).permute(0, 3, 1, 2).reshape(n, l, c)


class Packaged(nn.Module):
    def __init__(self, first, width=16):
        super().__init__()
        self.attention = nn.MultiheadAttention(width, 2, batch_first=first)
        self.first = first

    def forward(self, x):
        y = x if self.first else x.transpose(0, 1)
        y = self.attention(y, y, y, need_weights=False)[0]
        return y if self.first else y.transpose(0, 1)


class Encoder(nn.Module):
    def __init__(self, norm_first):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(16, 2, 32, norm_first=norm_first, batch_first=True)

    def forward(self, x):
        return self.layer(x)


class ClassAttention(nn.Module):
    """The class token alone asks, as in CaiT."""

    def __init__(self, width=16, heads=2):
        super().__init__()
        self.q, self.k, self.v = (nn.Linear(width, width) for _ in range(3))
        self.heads = heads

    def forward(self, x):
        n, l, c = x.shape
        q = self.q(x[:, 0]).unsqueeze(1).reshape(n, 1, self.heads, -1).permute(0, 2, 1, 3)
        k = self.k(x).reshape(n, l, self.heads, -1).permute(0, 2, 1, 3)
        v = self.v(x).reshape(n, l, self.heads, -1).permute(0, 2, 1, 3)
        y = ((q * 0.3 @ k.transpose(-2, -1)).softmax(-1) @ v).transpose(1, 2).reshape(n, 1, c)
        return y


class ClassLast(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.attention = ClassAttention()
        self.token = nn.Parameter(torch.randn(1, 1, width))

    def forward(self, x):
        token = self.token.expand(x.shape[0], -1, -1)
        token = token + self.attention(torch.cat((token, x), 1))
        return torch.cat((token, x), 1)


class Mixer(nn.Module):
    def __init__(self, tokens=16, width=16):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.tokens, self.channels = Mlp(tokens, 24), Mlp(width, 32)

    def forward(self, x):
        x = x + self.tokens(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.channels(self.norm2(x))


class Residual(nn.Module):
    def __init__(self, *modules):
        super().__init__()
        self.branch = nn.Sequential(*modules)

    def forward(self, x):
        return x + self.branch(x)


class Pooling(nn.Module):
    """What PoolFormer mixes tokens with."""

    def forward(self, x):
        return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False) - x


class NonLocal(nn.Module):
    def __init__(self, softmax, width=16, inner=8):
        super().__init__()
        self.theta, self.phi, self.g = (nn.Conv2d(width, inner, 1) for _ in range(3))
        self.out = nn.Conv2d(inner, width, 1)
        self.softmax = softmax

    def forward(self, x):
        n, c, h, w = x.shape
        theta = self.theta(x).view(n, -1, h * w).permute(0, 2, 1)
        phi = F.max_pool2d(self.phi(x), 2).view(n, -1, h * w // 4)
        g = F.max_pool2d(self.g(x), 2).view(n, -1, h * w // 4).permute(0, 2, 1)
        f = theta @ phi
        f = f.softmax(-1) if self.softmax else f / f.shape[-1]
        return self.out((f @ g).permute(0, 2, 1).contiguous().view(n, -1, h, w))


class MobileVit(nn.Module):
    """Each pixel of a patch attends to the same pixel of all patches."""

    def __init__(self, width=16):
        super().__init__()
        self.local = nn.Conv2d(width, width, 3, padding=1)
        self.block = Block(Attention("timm"))
        self.out = nn.Conv2d(2 * width, width, 3, padding=1)

    def forward(self, x):
        y = self.local(x)
        n, c, h, w = y.shape
        y = y.reshape(n * c * (h // 2), 2, w // 2, 2).transpose(1, 2)
        y = y.reshape(n, c, h * w // 4, 4).transpose(1, 3).reshape(n * 4, h * w // 4, c)
        y = self.block(y)
        y = y.contiguous().view(n, 4, h * w // 4, c).transpose(1, 3)
        y = y.reshape(n * c * (h // 2), w // 2, 2, 2).transpose(1, 2).reshape(n, c, h, w)
        return self.out(torch.cat((x, y), 1))


class Image(nn.Module):
    """A stem of stride 4, blocks on images, means and a head."""

    def __init__(self, *blocks, width=16):
        super().__init__()
        self.network = nn.Sequential(
            nn.Conv2d(3, width, 4, 4), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(),
            nn.Linear(width, CLASSES))

    def forward(self, x):
        return self.network(x)


def spelled(name):
    return lambda: Patches([Block(Attention(name)), Block(Attention(name))])


def swin(block=swin_transformer.SwinTransformerBlock, merging=swin_transformer.PatchMerging):
    return swin_transformer.SwinTransformer(
        patch_size=[2, 2], embed_dim=8, depths=[2, 2], num_heads=[2, 4], window_size=[4, 4],
        num_classes=CLASSES, block=block, downsample_layer=merging)


@contextlib.contextmanager
def without_biases_of_keys(network):
    """What Swin v2 does in place at every run, which the exporter does not know."""
    for module in network.modules():
        if hasattr(module, "logit_scale"):
            width = module.qkv.bias.numel() // 3
            module.qkv.bias.data[width : 2 * width] = 0
    zero = torch.Tensor.zero_
    torch.Tensor.zero_ = lambda tensor: tensor
    try:
        yield
    finally:
        torch.Tensor.zero_ = zero


DESIGNS = {
    "4-vit": lambda: vision_transformer.VisionTransformer(16, 4, 2, 2, 16, 32, num_classes=CLASSES),
    "4-timm": spelled("timm"),
    "4-indexed": spelled("indexed"),
    "4-chunks": spelled("chunks"),
    "4-per-head": spelled("per_head"),
    "4-scaled": spelled("scaled"),
    "4-einsum": spelled("einsum"),
    "4-heads-in-batch": spelled("heads_in_batch"),
    "4-keys-first": spelled("keys_first"),
    "4-cosine": spelled("cosine"),
    "4-linear": spelled("linear"),
    "4-linear-relu": spelled("linear_relu"),
    "4-cross-covariance": spelled("cross_covariance"),
    "4-deit": lambda: Patches(
        [Block(Attention("timm"), scale=True), Block(Attention("timm"), scale=True)],
        size=16, patch=4, tokens=2, pool="both"),
    "4-mean": lambda: Patches(
        [Block(Attention("timm")), Block(Attention("timm"))], tokens=0, pool="mean"),
    "2-packaged": lambda: Patches([Block(Packaged(True))]),
    "2-packaged-tokens-first": lambda: Patches([Block(Packaged(False))]),
    "2-encoder": lambda: Patches([Encoder(True)]),
    "2-encoder-norm-last": lambda: Patches([Encoder(False)]),
    "2-class-attention": lambda: Patches([Block(Attention("timm")), ClassLast()], tokens=0),
    "4-mixer": lambda: Patches([Mixer(), Mixer()], tokens=0, pool="mean"),
    "8-swin": swin,
    "8-swin-v2": lambda: swin(
        swin_transformer.SwinTransformerBlockV2, swin_transformer.PatchMergingV2),
    "10-maxvit": lambda: maxvit.MaxVit(
        (32, 32), 8, 4, [8, 16], [1, 1], 4, 0.0, num_classes=CLASSES),
    "3-mobilevit": lambda: Image(MobileVit()),
    "2-convmixer": lambda: Image(
        *(nn.Sequential(
            Residual(nn.Conv2d(16, 16, 5, groups=16, padding=2), nn.GELU(), nn.BatchNorm2d(16)),
            nn.Conv2d(16, 16, 1), nn.GELU(), nn.BatchNorm2d(16)) for _ in range(2))),
    "4-poolformer": lambda: Image(
        *(nn.Sequential(
            Residual(nn.GroupNorm(1, 16), Pooling()),
            Residual(nn.GroupNorm(1, 16), nn.Conv2d(16, 32, 1), nn.GELU(), nn.Conv2d(32, 16, 1)))
          for _ in range(2))),
    "1-non-local": lambda: Image(Residual(NonLocal(True))),
    "1-non-local-products": lambda: Image(Residual(NonLocal(False))),
}
SIZES = {"10-maxvit": 32}
OF_ONE_IMAGE = ("4-vit", "4-timm", "4-heads-in-batch", "2-packaged-tokens-first", "8-swin", "8-swin-v2",
                "3-mobilevit")


def main(folder, opsets):
    with open(folder + "/version.txt", "w") as version:
        version.write(torch.__version__)
    for name, design in DESIGNS.items():
        torch.manual_seed(3)
        try:
            network = design()
        except (AttributeError, TypeError) as error:
            print(name, str(error).splitlines()[0], file=sys.stderr)
            continue
        for parameter in network.parameters():
            # Zeros, as those of class tokens and biases, would hide mistakes.
            parameter.data += 0.1 * torch.randn_like(parameter)
        size = SIZES.get(name, 16)
        with without_biases_of_keys(network):
            for opset in opsets:
                for one in (False, True) if name in OF_ONE_IMAGE else (False,):
                    write(network, name, size, opset, one, folder)


def write(network, name, size, opset, one, folder):
    file = "%s/%s-%d%s.onnx" % (folder, name, opset, "-one" if one else "")
    try:
        torch.onnx.export(
            network.eval(), torch.randn(1 if one else 2, 3, size, size), file, opset_version=opset,
            training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=opset > 14,
            dynamic_axes=None if one else {"x": {0: "n"}}, input_names=["x"], output_names=["y"])
    except (RuntimeError, torch.onnx.errors.OnnxExporterError) as error:
        print(name, opset, str(error).splitlines()[0], file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], [int(opset) for opset in sys.argv[2:]])
