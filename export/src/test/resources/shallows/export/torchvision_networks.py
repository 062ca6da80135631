"""Exports classifiers of torchvision to ONNX, each as FOLDER/NAME.onnx: python3 FILE FOLDER NAME ...

Without a name it writes FOLDER/list.txt: a line for each classifier there is, with its name and the
number of its parameters.

Weights are random. The running statistics of batch norm are shaken, and so are its scales and the
layer scales of ConvNeXt, so that an error in folding or in a branch shows in the outputs. Images are
small where the network allows that.
"""

import os
import sys

import torch
import torchvision
import torchvision.models as models

# Positions that the classifier reads, which other sizes do not give.
FIXED = {"alexnet": 224, "maxvit_t": 224, "inception_v3": 96}
SMALL = 64


def size(name):
    return 224 if name.startswith("vgg") else FIXED.get(name, SMALL)


def build(name):
    more = {}
    if name in ("googlenet", "inception_v3"):
        more = {"aux_logits": False, "init_weights": False}
    elif name.startswith("vgg"):
        more = {"init_weights": False}
    elif name.startswith("vit"):
        more = {"image_size": size(name)}
    network = getattr(models, name)(weights=None, **more)
    if name.startswith("vgg") or name == "alexnet":
        narrow(network.classifier)
    return network


def narrow(classifier):
    """The fully connected layers, which are most of the parameters, with 64 numbers between them."""
    layers = [i for i, layer in enumerate(classifier) if isinstance(layer, torch.nn.Linear)]
    inputs = classifier[layers[0]].in_features
    for i in layers:
        outputs = 1000 if i == layers[-1] else 64
        classifier[i] = torch.nn.Linear(inputs, outputs)
        inputs = outputs


def shake(network):
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 2)
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.2)
        if hasattr(module, "layer_scale"):
            module.layer_scale.data.uniform_(0.2, 1)
        if hasattr(module, "logit_scale"):
            # Swin v2 does that in place at every run, which the exporter does not know: below.
            width = module.qkv.bias.numel() // 3
            module.qkv.bias.data[width : 2 * width] = 0


def export(name, folder):
    torch.manual_seed(1)
    network = build(name).eval()
    shake(network)
    written = os.path.join(folder, name + ".part")
    zero = torch.Tensor.zero_
    torch.Tensor.zero_ = lambda tensor: tensor
    torch.onnx.export(
        network,
        torch.randn(1, 3, size(name), size(name)),
        written,
        opset_version=14,
        # Batch norm stays, so that folding it is the reader's work.
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}},
    )
    torch.Tensor.zero_ = zero
    os.replace(written, os.path.join(folder, name + ".onnx"))


def main():
    folder = sys.argv[1]
    torch.set_num_threads(2)
    if len(sys.argv) == 2:
        with open(os.path.join(folder, "version.txt"), "w") as version:
            version.write(torchvision.__version__)
        with open(os.path.join(folder, "list.txt"), "w") as lines:
            for name in models.list_models(module=models):
                parameters = models.get_model_weights(name).DEFAULT.meta["num_params"]
                lines.write("%s %d\n" % (name, parameters))
    for name in sys.argv[2:]:
        export(name, folder)


main()
