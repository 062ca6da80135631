"""Writes trivial_augment.txt: what torchvision's TrivialAugmentWide makes of two images with Pillow.

Run with Debian's python3-torchvision: python3 trivial_augment.py > trivial_augment.txt
A line is the change, the strength from 0 to 30, the sign, and of both images, with colours and
without, the first 16 digits of the SHA-256 of their bytes.
"""
import hashlib

import numpy
from PIL import Image
from torchvision.transforms import InterpolationMode, TrivialAugmentWide
from torchvision.transforms.autoaugment import _apply_op

HEIGHT, WIDTH = 20, 19
NAMES = {"Color": "SATURATION"}


def pixels(channels):
    """A number for each place, neither smooth nor without any order."""
    values = numpy.zeros((HEIGHT, WIDTH, channels), numpy.uint8)
    for y in range(HEIGHT):
        for x in range(WIDTH):
            for c in range(channels):
                values[y, x, c] = (7 * x * x + 3 * y * x + 40 * c + 11 * y) % 211 + 20
    return Image.fromarray(values if channels == 3 else values[:, :, 0])


def digest(image):
    return hashlib.sha256(image.tobytes()).hexdigest()[:16]


space = TrivialAugmentWide()._augmentation_space(31)
for name, (magnitudes, signed) in space.items():
    for strength in (0, 7, 15, 20, 23, 30) if magnitudes.ndim > 0 else (0,):
        for sign in (1, -1) if signed else (1,):
            magnitude = sign * float(magnitudes[strength] if magnitudes.ndim > 0 else 0)
            both = [
                digest(_apply_op(pixels(c), name, magnitude, InterpolationMode.NEAREST, None))
                for c in (3, 1)
            ]
            words = "".join("_" + c if c.isupper() and i else c for i, c in enumerate(name))
            print(NAMES.get(name, words.upper()), strength, sign, *both)
