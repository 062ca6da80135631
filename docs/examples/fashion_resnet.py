"""Trains a residual network with plain PyTorch and exports it, as anybody would.

    python3 docs/examples/fashion_resnet.py theirs.onnx [epochs] [images]

The network is the CIFAR ResNet of 6n+2 layers with n = 5 (He et al. 2016) behind a stem of stride
2, with 1x1 convolutions where a stage begins. Nothing here knows of Shallows: the exporter folds
batch norm into the convolutions, and the file says nothing of blocks, classes or normalization.
Needs torch 1.13 or newer and Debian's dataset-fashion-mnist.
"""

import gzip
import sys
import time

import torch
from torch import nn
from torch.nn import functional

FOLDER = "/usr/share/datasets/fashion-mnist/"
MEAN, DEVIATION = 0.2860, 0.3530
BATCH = 128
LARGEST_RATE = 0.1


def read(name, header):
    with gzip.open(FOLDER + name + "-ubyte.gz") as file:
        return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)


def read_part(part):
    images = read(part + "-images-idx3", 16).reshape(-1, 1, 28, 28)
    return (images.float() / 255 - MEAN) / DEVIATION, read(part + "-labels-idx1", 8).long()


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        branch = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        return functional.relu(branch + self.shortcut(x))


def network(n=5):
    layers = [nn.Conv2d(1, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    channels = 16
    for width, stride in ((16, 1), (32, 2), (64, 2)):
        for i in range(n):
            layers.append(Block(channels, width, stride if i == 0 else 1))
            channels = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def accuracy(model, images, labels):
    model.eval()
    with torch.no_grad():
        right = sum((model(x).argmax(1) == y).sum().item()
                    for x, y in zip(images.split(500), labels.split(500)))
    return right / len(labels)


def main():
    path = sys.argv[1]
    epochs = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 60000
    torch.manual_seed(1)
    images, labels = (part[:count] for part in read_part("train"))
    test_images, test_labels = read_part("t10k")
    model = network().to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(
        model.parameters(), LARGEST_RATE, momentum=0.9, weight_decay=5e-4, nesterov=True)
    steps = epochs * (len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LARGEST_RATE, total_steps=steps)
    begin = time.time()
    for epoch in range(epochs):
        model.train()
        for batch in torch.randperm(len(images)).split(BATCH)[:len(images) // BATCH]:
            x = images[batch].contiguous(memory_format=torch.channels_last)
            if torch.rand(()) < 0.5:
                x = x.flip(3)
            loss = functional.cross_entropy(model(x), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch + 1}: {accuracy(model, test_images, test_labels):.4f} of the test "
              f"images right, {time.time() - begin:.0f} s", flush=True)
    model.eval()
    torch.onnx.export(model, test_images[:1], path, input_names=["image"], output_names=["scores"],
                      dynamic_axes={"image": {0: "batch"}, "scores": {0: "batch"}})


if __name__ == "__main__":
    main()
