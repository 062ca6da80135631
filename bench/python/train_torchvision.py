"""A network that torchvision builds, trained on a folder of images from random weights, as ONNX.

    python3 train_torchvision.py NAME DATA OUT.onnx [--size 64] [--images 10000] [--epochs 5]

NAME is one of torchvision.models ('resnet18', 'mobilenet_v2'), DATA has train/CLASS/ and
test/CLASS/. Batches of 64, Nesterov momentum, a rate that goes up over a tenth of the steps and
down as a cosine, flips and shifts by an eighth of the side; pixels are scaled as ImageNet's networks
want them. Prints the accuracy on test images; the file has its batch norms folded, as PyTorch's
exporter leaves them.
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import numpy
import torch
import torchvision
from PIL import Image
from torch.nn import functional as F

BATCH = 64
WARM_UP = 0.1
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


def read(folder, count, size):
    """The same share of each class, evenly spaced by name; pixels as bytes, and classes."""
    classes = sorted(path for path in Path(folder).iterdir() if path.is_dir())
    pixels, labels = [], []
    for label, path in enumerate(classes):
        files = sorted(path.iterdir())
        wanted = min(len(files), count // len(classes))
        for i in range(wanted):
            image = Image.open(files[i * len(files) // wanted]).convert("RGB")
            pixels.append(numpy.asarray(image.resize((size, size), Image.BILINEAR)))
            labels.append(label)
    return torch.from_numpy(numpy.stack(pixels)).permute(0, 3, 1, 2), torch.tensor(labels), len(classes)


def scaled(pixels):
    return (pixels.float() / 255 - MEAN) / DEVIATION


def accuracy(model, pixels, labels):
    model.eval()
    with torch.no_grad():
        right = sum(
            (model(scaled(part)).argmax(1) == of).sum().item()
            for part, of in zip(pixels.split(100), labels.split(100)))
    return right / len(labels)


def train(model, pixels, labels, epochs, rate):
    optimizer = torch.optim.SGD(model.parameters(), rate, momentum=0.9, nesterov=True, weight_decay=5e-4)
    steps = epochs * (len(pixels) // BATCH)
    warm = max(1, round(WARM_UP * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda t: (t + 1) / warm if t < warm
        else 0.5 * (1 + math.cos(math.pi * (t - warm) / max(1, steps - warm))))
    side = pixels.shape[-1]
    shift = side // 8
    for epoch in range(epochs):
        model.train()
        start = time.time()
        for part in torch.randperm(len(pixels)).split(BATCH)[: len(pixels) // BATCH]:
            padded = F.pad(pixels[part], (shift,) * 4)
            batch = []
            for image in padded:
                top, left = random.randrange(2 * shift + 1), random.randrange(2 * shift + 1)
                image = image[:, top : top + side, left : left + side]
                batch.append(image.flip(2) if random.random() < 0.5 else image)
            optimizer.zero_grad()
            loss = F.cross_entropy(model(scaled(torch.stack(batch))), labels[part])
            loss.backward()
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch + 1} loss {loss.item():.2f} {time.time() - start:.0f} s", flush=True)


def main():
    words = argparse.ArgumentParser()
    words.add_argument("name")
    words.add_argument("data")
    words.add_argument("out")
    words.add_argument("--size", type=int, default=64)
    words.add_argument("--images", type=int, default=10000)
    words.add_argument("--test-images", type=int, default=2000)
    words.add_argument("--epochs", type=int, default=5)
    words.add_argument("--rate", type=float, default=0.05)
    words.add_argument("--threads", type=int, default=1)
    asked = words.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(1)
    random.seed(1)
    pixels, labels, classes = read(Path(asked.data) / "train", asked.images, asked.size)
    if len(pixels) < BATCH:
        words.error(f"at least {BATCH} images, found {len(pixels)}")
    model = getattr(torchvision.models, asked.name)(num_classes=classes)
    train(model, pixels, labels, asked.epochs, asked.rate)
    tested = read(Path(asked.data) / "test", asked.test_images, asked.size)
    print(json.dumps({
        "network": asked.name, "size": asked.size, "images": len(pixels), "epochs": asked.epochs,
        "testAccuracy": accuracy(model, *tested[:2])}), flush=True)
    torch.onnx.export(model.eval(), torch.zeros(1, 3, asked.size, asked.size), asked.out, opset_version=13)


if __name__ == "__main__":
    main()
