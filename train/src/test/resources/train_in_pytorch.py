"""Trains CIFAR ResNets in PyTorch, from weights and batches that lie in folders, and leaves their
weights there. Written from the papers with torch's own layers and optimizer, so that it shares
nothing with the Java side but the names of the parameters.

FOLDER/task.json   names and shapes of the parameters, options, gates
FOLDER/weights     32-bit floats, the parameters one after another
FOLDER/pixels      32-bit floats (steps, N, C, H, W)
FOLDER/labels      32-bit integers (steps, N)
FOLDER/trained     written: the same parameters after the last step

The exit status is 77 where there is no torch.
"""
import json
import math
import os
import sys

NO_TORCH = 77

try:
    import numpy
    import torch
    from torch.nn import functional
except ImportError:
    sys.exit(NO_TORCH)


def numbers(folder, name, kind):
    return numpy.fromfile(os.path.join(folder, name), dtype=kind)


def read_parameters(folder, task):
    flat = numbers(folder, "weights", "<f4")
    parameters = {}
    start = 0
    for entry in task["parameters"]:
        size = math.prod(entry["shape"])
        values = torch.tensor(flat[start : start + size].reshape(entry["shape"]))
        # Running statistics are no parameters in torch's sense.
        values.requires_grad = not entry["name"].endswith(("/mean", "/variance"))
        parameters[entry["name"]] = values
        start += size
    return parameters


def convolve(parameters, x, name, stride):
    return functional.conv2d(x, parameters[name + "/conv/weight"], None, stride, padding=1)


def normalize(parameters, x, name):
    mean, variance, scale, bias = (
        parameters[name + "/norm/" + part] for part in ("mean", "variance", "scale", "bias")
    )
    return functional.batch_norm(
        x, mean, variance, scale, bias, training=True, momentum=0.1, eps=1e-5
    )


def branch(parameters, x, name, stride):
    x = functional.relu(normalize(parameters, convolve(parameters, x, name + "/1", stride), name + "/1"))
    return normalize(parameters, convolve(parameters, x, name + "/2", 1), name + "/2")


def network(parameters, x, on, blocks_a_stage):
    x = functional.relu(normalize(parameters, convolve(parameters, x, "stem", 1), "stem"))
    gates = iter(on)
    for stage in range(1, 4):
        for index in range(1, blocks_a_stage + 1):
            name = "stage%d/block%02d" % (stage, index)
            stride = 2 if stage > 1 and index == 1 else 1
            shortcut = x
            if stride == 2:
                half = x[:, :, ::2, ::2]
                shortcut = torch.cat([half, torch.zeros_like(half)], 1)
            if next(gates):
                x = functional.relu(shortcut + branch(parameters, x, name, stride))
            else:
                x = shortcut
    return functional.linear(
        x.mean((2, 3)), parameters["classifier/weight"], parameters["classifier/bias"]
    )


def train(folder):
    with open(os.path.join(folder, "task.json")) as file:
        task = json.load(file)
    parameters = read_parameters(folder, task)
    trained = [value for value in parameters.values() if value.requires_grad]
    optimizer = torch.optim.SGD(
        trained,
        lr=task["learningRate"],
        momentum=task["momentum"],
        weight_decay=task["weightDecay"],
        nesterov=True,
    )
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, task["milestones"], gamma=0.1)
    steps, count = task["steps"], task["batch"]
    pixels = torch.tensor(numbers(folder, "pixels", "<f4").reshape([steps, count] + task["image"]))
    labels = torch.tensor(numbers(folder, "labels", "<i4").reshape(steps, count).astype("int64"))
    if not task["gradientsToNone"]:
        # From the first step on, as in one flat array: a gradient of zero is not the same as none.
        for value in trained:
            value.grad = torch.zeros_like(value)
    for step in range(steps):
        optimizer.zero_grad(set_to_none=task["gradientsToNone"])
        logits = network(parameters, pixels[step], task["gates"][step], task["blocksAStage"])
        loss = functional.cross_entropy(
            logits, labels[step], label_smoothing=task["labelSmoothing"]
        )
        loss.backward()
        if task["largestNorm"] > 0:
            torch.nn.utils.clip_grad_norm_(trained, task["largestNorm"])
        optimizer.step()
        schedule.step()
    with open(os.path.join(folder, "trained"), "wb") as file:
        for entry in task["parameters"]:
            file.write(parameters[entry["name"]].detach().numpy().astype("<f4").tobytes())


torch.set_num_threads(1)
for each in sys.argv[1:]:
    train(each)
