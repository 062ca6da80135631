"""Runs TFLite files in a library of TFLite's C interface, whatever its version:
tflite-old.py LIBRARY IMAGES N FILE...

IMAGES holds N images, one after another, as 32-bit floats, channels last. One line a file:
"NAME CLASS CLASS ..." or "NAME refused REASON". It is a process of its own, since an old library
may crash on what it does not know.
"""
import ctypes
import sys

FLOAT, INT8 = 1, 9


class Quantization(ctypes.Structure):
    _fields_ = [("scale", ctypes.c_float), ("zero_point", ctypes.c_int32)]


tflite = ctypes.CDLL(sys.argv[1])
for function in (
    "TfLiteModelCreateFromFile TfLiteInterpreterOptionsCreate TfLiteInterpreterCreate "
    "TfLiteInterpreterGetInputTensor TfLiteInterpreterGetOutputTensor TfLiteTensorData"
).split():
    getattr(tflite, function).restype = ctypes.c_void_p
tflite.TfLiteTensorByteSize.restype = ctypes.c_size_t
tflite.TfLiteTensorQuantizationParams.restype = Quantization
tflite.TfLiteVersion.restype = ctypes.c_char_p


def pointer(value):
    return ctypes.c_void_p(value)


def array(tensor, type_, count):
    return (type_ * count).from_address(tflite.TfLiteTensorData(tensor))


def classes(name, pixels, count):
    model = tflite.TfLiteModelCreateFromFile(name.encode())
    if not model:
        raise ValueError("no model")
    options = pointer(tflite.TfLiteInterpreterOptionsCreate())
    interpreter = tflite.TfLiteInterpreterCreate(pointer(model), options)
    if not interpreter:
        raise ValueError("an operator that it does not know")
    interpreter = pointer(interpreter)
    if tflite.TfLiteInterpreterAllocateTensors(interpreter) != 0:
        raise ValueError("operators that do not fit")
    found = []
    size = len(pixels) // count
    for i in range(count):
        image = pixels[i * size : (i + 1) * size]
        source = pointer(tflite.TfLiteInterpreterGetInputTensor(interpreter, 0))
        if tflite.TfLiteTensorType(source) == FLOAT:
            array(source, ctypes.c_float, size)[:] = image
        else:
            scale = tflite.TfLiteTensorQuantizationParams(source)
            array(source, ctypes.c_int8, size)[:] = [
                max(-128, min(127, round(x / scale.scale) + scale.zero_point)) for x in image
            ]
        if tflite.TfLiteInterpreterInvoke(interpreter) != 0:
            raise ValueError("a failure when it runs")
        target = pointer(tflite.TfLiteInterpreterGetOutputTensor(interpreter, 0))
        integers = tflite.TfLiteTensorType(target) == INT8
        bytes_ = tflite.TfLiteTensorByteSize(target)
        row = (
            array(target, ctypes.c_int8, bytes_)
            if integers
            else array(target, ctypes.c_float, bytes_ // 4)
        )
        row = list(row)
        found.append(row.index(max(row)))
    return found


def main():
    data = open(sys.argv[2], "rb").read()
    pixels = list((ctypes.c_float * (len(data) // 4)).from_buffer_copy(data))
    print("version", tflite.TfLiteVersion().decode(), flush=True)
    for name in sys.argv[4:]:
        try:
            print(name, *classes(name, pixels, int(sys.argv[3])), flush=True)
        except ValueError as e:
            print(name, "refused", e, flush=True)


main()
