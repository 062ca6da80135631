"""The PyTorch side of bench/run PytorchComparison: the same network, batch and optimizer.

Prints the number of trained parameters, then, for each line "N" on standard input, does N training
steps and prints the seconds they took. Arguments: network, batch, side of the image, threads.
"""

import re
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    """He et al. 2016, section 4.2, with shortcuts of option A."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.stride = stride
        self.added = outputs - inputs

    def forward(self, x):
        branch = F.relu(self.norm1(self.conv1(x)))
        branch = self.norm2(self.conv2(branch))
        if self.added:
            x = x[:, :, :: self.stride, :: self.stride]
            x = F.pad(x, (0, 0, 0, 0, self.added // 2, self.added - self.added // 2))
        return F.relu(x + branch)


class Resnet(nn.Module):
    """Of 6n+2 layers."""

    def __init__(self, depth, stem_stride, classes):
        super().__init__()
        layers = [
            nn.Conv2d(1, 16, 3, stem_stride, 1, bias=False),
            nn.BatchNorm2d(16),
            nn.ReLU(),
        ]
        channels = 16
        for stage, outputs in enumerate([16, 32, 64]):
            for block in range((depth - 2) // 6):
                stride = 2 if stage > 0 and block == 0 else 1
                layers.append(Block(channels, outputs, stride))
                channels = outputs
        self.body = nn.Sequential(*layers)
        self.classifier = nn.Linear(channels, classes)

    def forward(self, x):
        return self.classifier(self.body(x).mean((2, 3)))


def main():
    name, batch, side, threads = sys.argv[1], *map(int, sys.argv[2:])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    depth, stem = re.fullmatch(r"resnet-(\d+)(-s2)?", name).groups()
    model = Resnet(int(depth), 2 if stem else 1, 10)
    optimizer = torch.optim.SGD(
        model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4, nesterov=True
    )
    images = torch.randn(batch, 1, side, side)
    labels = torch.randint(0, 10, (batch,))
    print(sum(p.numel() for p in model.parameters()), flush=True)
    for line in sys.stdin:
        begin = time.perf_counter()
        for _ in range(int(line)):
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            loss.item()
        print(time.perf_counter() - begin, flush=True)


main()
