"""Exports networks of torchvision to ONNX, each as FOLDER/NAME.onnx: python3 FILE FOLDER NAME=SIZE ...

Weights are random. The running statistics of batch norm are shaken, and so are its scales and the
layer scales of ConvNeXt, so that an error in folding or in a branch shows in the outputs.
"""

import os
import sys

import torch
import torchvision.models as models


def build(name):
    if name == "googlenet":
        return models.googlenet(weights=None, aux_logits=False, init_weights=False)
    if name == "vgg11_bn":
        network = models.vgg11_bn(weights=None, init_weights=False)
        # The fully connected layers alone would be 480 MB.
        network.classifier[0] = torch.nn.Linear(512 * 7 * 7, 64)
        network.classifier[3] = torch.nn.Linear(64, 64)
        network.classifier[6] = torch.nn.Linear(64, 1000)
        return network
    return getattr(models, name)(weights=None)


def shake(network):
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 2)
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.2)
        if hasattr(module, "layer_scale"):
            module.layer_scale.data.uniform_(0.2, 1)


def export(name, size, folder):
    torch.manual_seed(1)
    network = build(name).eval()
    shake(network)
    written = os.path.join(folder, name + ".part")
    torch.onnx.export(
        network,
        torch.randn(1, 3, size, size),
        written,
        opset_version=13,
        # Batch norm stays, so that folding it is the reader's work.
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}},
    )
    os.replace(written, os.path.join(folder, name + ".onnx"))


def main():
    folder = sys.argv[1]
    torch.set_num_threads(2)
    for argument in sys.argv[2:]:
        name, size = argument.split("=")
        export(name, int(size), folder)


main()
