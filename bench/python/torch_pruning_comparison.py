"""The networks of bench/run FormsOfBlocks, cut by Torch-Pruning to the same MACs.

    python3 torch_pruning_comparison.py TORCH_PRUNING DATA FITTED.txt TESTED.txt OUT.json NETWORK.onnx...

TORCH_PRUNING is a checkout of github.com/VainF/Torch-Pruning, DATA the folder of images, FITTED and
TESTED the lists that FormsOfBlocks has written beside its JSON: the images that batch norm is
re-estimated on after the cut, and those that accuracy is measured on. --removed and --epochs are
as below. Networks are ResNets for CIFAR with batch norm folded and shortcuts of option A as strided
1x1 convolutions. Their batch norms are put back, with the statistics of the images fitted on, so
that each changes nothing; Torch-Pruning prunes as its own reproduce/main.py calls it: with p=1
('l1') and with the group norm ('group_norm', without its sparse training), each with one share for
all layers and with one ranking of all channels ('global'). Channels go step by step until the MACs
of convolutions and the classifier are no more than what is allowed, every channel of a residual
stream in all layers at once; the classifier's outputs stay.
"""

import argparse
import copy
import json
import math
import random
import sys
import time
from pathlib import Path

import numpy
import onnx
import torch
from onnx import numpy_helper
from PIL import Image
from torch import nn
from torch.nn import functional as F

STEPS = 400
BATCH = 100
TRAINED_AT_ONCE = 64
WARM_UP = 0.1
MEAN = [0.485, 0.456, 0.406]
DEVIATION = [0.229, 0.224, 0.225]


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = (
            nn.Conv2d(inputs, outputs, 1, stride, bias=False) if inputs != outputs else nn.Identity()
        )

    def forward(self, x):
        branch = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(branch)) + self.shortcut(x))


class Resnet(nn.Module):
    def __init__(self, of_each_stage, classes):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, 1, 1)
        self.norm = nn.BatchNorm2d(16)
        blocks = []
        inputs = 16
        for stage, outputs in enumerate((16, 32, 64)):
            for i in range(of_each_stage):
                blocks.append(Block(inputs, outputs, 2 if stage and not i else 1))
                inputs = outputs
        self.blocks = nn.Sequential(*blocks)
        self.linear = nn.Linear(64, classes)

    def forward(self, x):
        x = self.blocks(F.relu(self.norm(self.conv(x))))
        return self.linear(x.mean((2, 3)))


def layers(model):
    """Convolutions and the classifier, in the order of the file, each with its batch norm."""
    found = [(model.conv, model.norm)]
    for block in model.blocks:
        found += [(block.conv1, block.norm1), (block.conv2, block.norm2)]
        if isinstance(block.shortcut, nn.Conv2d):
            found.append((block.shortcut, None))
    return found + [(model.linear, None)]


def read(path):
    graph = onnx.load(path).graph
    values = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in graph.initializer}
    weighing = [n for n in graph.node if n.op_type in ("Conv", "Gemm")]
    model = Resnet((len(weighing) - 4) // 6, len(values[weighing[-1].input[2]]))
    expected = layers(model)
    if len(weighing) != len(expected):
        sys.exit(f"{path}: expected {len(expected)} layers, found {len(weighing)}")
    with torch.no_grad():
        for node, (layer, _) in zip(weighing, expected):
            layer.weight.copy_(values[node.input[1]])
            if len(node.input) > 2:
                layer.bias.copy_(values[node.input[2]])
    return model


def unfold(model, images):
    """Makes each batch norm, which is the identity now, one with the statistics of its input."""
    sums = {}
    hooks = []
    for layer, norm in layers(model):
        if norm is not None:
            norm.eps = 0.0
            hooks.append(layer.register_forward_hook(
                lambda _, __, out, norm=norm: sums.setdefault(norm, []).append(
                    torch.stack([out.mean((0, 2, 3)), out.pow(2).mean((0, 2, 3))]) * len(out))))
    model.eval()
    with torch.no_grad():
        for part in images.split(BATCH):
            model(part)
        for hook in hooks:
            hook.remove()
        for norm, parts in sums.items():
            mean, square = sum(parts) / len(images)
            norm.eps = 1e-5
            norm.running_mean.copy_(mean)
            norm.running_var.copy_((square - mean**2).clamp(min=0))
            norm.weight.copy_((norm.running_var + norm.eps).sqrt())
            norm.bias.copy_(mean)


def reestimate(model, images):
    """One pass in training mode, each batch norm with the mean of the statistics of the batches."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None
    model.train()
    with torch.no_grad():
        for part in images[torch.randperm(len(images), generator=torch.Generator().manual_seed(1))].split(BATCH):
            model(part)
    model.eval()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.1


def macs(model):
    """Multiply-accumulates of convolutions and the classifier for one image."""
    counted = []
    hooks = [
        layer.register_forward_hook(
            lambda layer, _, out: counted.append(
                layer.weight.numel() * (out[0, 0].numel() if out.dim() == 4 else 1)))
        for layer, _ in layers(model)
    ]
    model.eval()
    with torch.no_grad():
        model(torch.zeros(1, 3, 32, 32))
    for hook in hooks:
        hook.remove()
    return sum(counted)


def accuracy(model, images, labels):
    model.eval()
    with torch.no_grad():
        right = sum(
            (model(part).argmax(1) == of).sum().item()
            for part, of in zip(images.split(BATCH), labels.split(BATCH)))
    return right / len(images)


def pruner(tp, method, model):
    name, *scope = method.split("-")
    importance = (
        tp.importance.MagnitudeImportance(p=1)
        if name == "l1"
        else tp.importance.GroupMagnitudeImportance(p=2))
    kind = tp.pruner.MagnitudePruner if name == "l1" else tp.pruner.GroupNormPruner
    return kind(
        model,
        torch.zeros(1, 3, 32, 32),
        importance=importance,
        global_pruning=bool(scope),
        pruning_ratio=1.0,
        iterative_steps=STEPS,
        ignored_layers=[model.linear])


def images_of(folder, names):
    """Pixels scaled as ImageNet's networks want them, and classes by the names of the folders."""
    lines = [line for line in Path(names).read_text().splitlines() if line]
    classes = sorted(path.name for path in (Path(folder) / "train").iterdir())
    pixels = numpy.stack([numpy.asarray(Image.open(Path(folder) / line).convert("RGB")) for line in lines])
    scaled = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
    mean = torch.tensor(MEAN).view(3, 1, 1)
    deviation = torch.tensor(DEVIATION).view(3, 1, 1)
    return (scaled - mean) / deviation, torch.tensor([classes.index(Path(line).parent.name) for line in lines])


def train(model, images, labels, epochs, seed):
    """SGD at 0.01 with Nesterov momentum, up over a tenth of the steps and down as a cosine, each
    image flipped or not and shifted by up to 4 pixels, as FormsOfBlocks trains."""
    optimizer = torch.optim.SGD(
        model.parameters(), 0.01, momentum=0.9, nesterov=True, weight_decay=5e-4)
    steps = epochs * (len(images) // TRAINED_AT_ONCE)
    warm = max(1, round(WARM_UP * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda t: (t + 1) / warm if t < warm
        else 0.5 * (1 + math.cos(math.pi * (t - warm) / max(1, steps - warm))))
    random.seed(seed)
    torch.manual_seed(seed)
    black = (-torch.tensor(MEAN) / torch.tensor(DEVIATION)).view(1, 3, 1, 1)
    model.train()
    for _ in range(epochs):
        order = torch.randperm(len(images))
        for part in order.split(TRAINED_AT_ONCE)[: len(images) // TRAINED_AT_ONCE]:
            padded = F.pad(images[part] - black, (4, 4, 4, 4)) + black
            batch = []
            for image in padded:
                top, left = random.randrange(9), random.randrange(9)
                image = image[:, top : top + 32, left : left + 32]
                batch.append(image.flip(2) if random.random() < 0.5 else image)
            optimizer.zero_grad()
            F.cross_entropy(model(torch.stack(batch)), labels[part]).backward()
            optimizer.step()
            schedule.step()


def main():
    words = argparse.ArgumentParser()
    words.add_argument("torch_pruning")
    words.add_argument("data")
    words.add_argument("fitted")
    words.add_argument("tested")
    words.add_argument("out")
    words.add_argument("networks", nargs="+")
    words.add_argument("--removed", default="25,50,65", help="percent of the MACs")
    words.add_argument("--methods", default="l1,l1-global,group_norm,group_norm-global")
    words.add_argument("--train", help="a list of images to train on after the cut")
    words.add_argument("--epochs", type=int, default=0, help="over those")
    words.add_argument("--threads", type=int, default=1)
    words.add_argument("--save", help="a folder for each network as it is before those, as ONNX")
    asked = words.parse_args()
    if bool(asked.train) != bool(asked.epochs):
        words.error("--train and --epochs belong together")
    sys.path.insert(0, asked.torch_pruning)
    import torch_pruning as tp

    torch.set_num_threads(asked.threads)
    fitted, _ = images_of(asked.data, asked.fitted)
    tested, labels = images_of(asked.data, asked.tested)
    rows = []
    for network in asked.networks:
        full = read(network)
        before = accuracy(full, tested, labels)
        unfold(full, fitted)
        if abs(accuracy(full, tested, labels) - before) > 0.001:
            sys.exit(f"{network}: batch norm is not put back rightly")
        for method in asked.methods.split(","):
            model = read(network)
            unfold(model, fitted)
            steps = pruner(tp, method, model)
            for percent in sorted(float(p) for p in asked.removed.split(",")):
                start = time.time()
                allowed = macs(full) * (1 - percent / 100)
                taken = 0
                while macs(model) > allowed and taken < STEPS:
                    steps.step()
                    taken += 1
                cut = copy.deepcopy(model)
                as_cut = accuracy(cut, tested, labels)
                reestimate(cut, fitted)
                row = {
                    "network": Path(network).name, "method": method, "asked": percent,
                    "removed": round(100 - 100 * macs(cut) / macs(full), 2), "macs": macs(cut),
                    "fullAccuracy": before, "asCut": as_cut,
                    "accuracy": accuracy(cut, tested, labels),
                }
                saving = time.time()
                if asked.save:
                    Path(asked.save).mkdir(parents=True, exist_ok=True)
                    name = f"{Path(network).stem}-{method}-{percent:.0f}.onnx"
                    torch.onnx.export(cut, torch.zeros(1, 3, 32, 32), Path(asked.save) / name, opset_version=13)
                start += time.time() - saving
                if asked.epochs:
                    train(cut, *images_of(asked.data, asked.train), asked.epochs, 1)
                    row["trained"] = accuracy(cut, tested, labels)
                row["seconds"] = round(time.time() - start, 1)
                rows.append(row)
                print(json.dumps(row), flush=True)
                Path(asked.out).write_text(json.dumps({"torchPruning": tp.__version__, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
