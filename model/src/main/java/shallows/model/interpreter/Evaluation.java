package shallows.model.interpreter;

import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** One operation over one batch: inputs in, output of a known shape out. */
final class Evaluation implements Operation.Visitor<Tensor> {
  private final Tensor[] inputs;
  private final Shape shape;
  private final float[] x;
  private final float[] out;

  /**
   * @param inputs of the node, values behind their batch axis
   * @param shape of the output, batch axis first
   */
  Evaluation(Tensor[] inputs, Shape shape) {
    this.inputs = inputs;
    this.shape = shape;
    this.x = inputs[0].values();
    this.out = new float[shape.size()];
  }

  @Override
  public Tensor conv2d(Operation.Conv2d conv) {
    Tensor weight = inputs[1];
    if (conv.precision() == Precision.BINARY) {
      weight = BinaryWeights.project(weight);
    }
    int outputs = shape.dimension(1);
    int plane = shape.dimension(2) * shape.dimension(3);
    if (inputs.length == 3) {
      for (int i = 0; i < out.length; i++) {
        out[i] = inputs[2].values()[i / plane % outputs];
      }
    }
    int channels = inputs[0].shape().dimension(1);
    int perGroup = channels / conv.groups();
    int outputsPerGroup = outputs / conv.groups();
    for (int n = 0; n < shape.dimension(0); n++) {
      for (int o = 0; o < outputs; o++) {
        int firstChannel = o / outputsPerGroup * perGroup;
        for (int c = 0; c < perGroup; c++) {
          addKernel(conv, weight, n * channels + firstChannel + c, c, o, n * outputs + o);
        }
      }
    }
    return result();
  }

  /** Adds what one input plane contributes to one output plane through one kernel. */
  private void addKernel(
      Operation.Conv2d conv, Tensor weight, int inPlane, int channel, int output, int outPlane) {
    int kernelHeight = weight.shape().dimension(2);
    int kernelWidth = weight.shape().dimension(3);
    int height = inputs[0].shape().dimension(2);
    int width = inputs[0].shape().dimension(3);
    int outHeight = shape.dimension(2);
    int outWidth = shape.dimension(3);
    int stride = conv.stride().width();
    for (int kh = 0; kh < kernelHeight; kh++) {
      for (int kw = 0; kw < kernelWidth; kw++) {
        float w =
            weight
                .values()[
                ((output * weight.shape().dimension(1) + channel) * kernelHeight + kh) * kernelWidth
                    + kw];
        int left = kw * conv.dilation().width() - conv.padding().width();
        // The positions whose pixel lies inside the image: 0 <= ow * stride + left < width.
        int first = left >= 0 ? 0 : (-left + stride - 1) / stride;
        int last = Math.min(outWidth - 1, Math.floorDiv(width - 1 - left, stride));
        for (int oh = 0; oh < outHeight; oh++) {
          int ih =
              oh * conv.stride().height() + kh * conv.dilation().height() - conv.padding().height();
          if (ih < 0 || ih >= height) {
            continue;
          }
          int from = (inPlane * height + ih) * width + left;
          int to = (outPlane * outHeight + oh) * outWidth;
          for (int ow = first; ow <= last; ow++) {
            out[to + ow] += w * x[from + ow * stride];
          }
        }
      }
    }
  }

  @Override
  public Tensor batchNorm(Operation.BatchNorm norm) {
    int channels = shape.dimension(1);
    int plane = out.length / shape.dimension(0) / channels;
    for (int i = 0; i < out.length; i++) {
      int channel = i / plane % channels;
      double deviation = Math.sqrt((double) inputs[4].values()[channel] + norm.epsilon());
      out[i] =
          (float)
              ((x[i] - inputs[3].values()[channel]) / deviation * inputs[1].values()[channel]
                  + inputs[2].values()[channel]);
    }
    return result();
  }

  @Override
  public Tensor relu(Operation.Relu relu) {
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.max(x[i], 0);
    }
    return result();
  }

  @Override
  public Tensor add(Operation.Add add) {
    for (int i = 0; i < out.length; i++) {
      out[i] = x[i] + inputs[1].values()[i];
    }
    return result();
  }

  @Override
  public Tensor scale(Operation.Scale scale) {
    for (int i = 0; i < out.length; i++) {
      out[i] = scale.factor() * x[i];
    }
    return result();
  }

  @Override
  public Tensor maxPool(Operation.MaxPool pool) {
    return pool(pool.kernel(), pool.stride(), pool.padding(), true);
  }

  @Override
  public Tensor averagePool(Operation.AveragePool pool) {
    return pool(pool.kernel(), pool.stride(), pool.padding(), false);
  }

  private Tensor pool(Extent kernel, Extent stride, Extent padding, boolean largest) {
    int height = inputs[0].shape().dimension(2);
    int width = inputs[0].shape().dimension(3);
    int outHeight = shape.dimension(2);
    int outWidth = shape.dimension(3);
    for (int i = 0; i < out.length; i++) {
      int plane = i / (outHeight * outWidth);
      int top = i / outWidth % outHeight * stride.height() - padding.height();
      int left = i % outWidth * stride.width() - padding.width();
      float max = Float.NEGATIVE_INFINITY;
      double sum = 0;
      for (int ih = Math.max(top, 0); ih < Math.min(top + kernel.height(), height); ih++) {
        for (int iw = Math.max(left, 0); iw < Math.min(left + kernel.width(), width); iw++) {
          float pixel = x[(plane * height + ih) * width + iw];
          max = Math.max(max, pixel);
          sum += pixel;
        }
      }
      out[i] = largest ? max : (float) (sum / (kernel.height() * kernel.width()));
    }
    return result();
  }

  @Override
  public Tensor globalAveragePool(Operation.GlobalAveragePool pool) {
    int plane = x.length / out.length;
    for (int i = 0; i < out.length; i++) {
      double sum = 0;
      for (int j = i * plane; j < (i + 1) * plane; j++) {
        sum += x[j];
      }
      out[i] = (float) (sum / plane);
    }
    return result();
  }

  @Override
  public Tensor padChannels(Operation.PadChannels pad) {
    int count = shape.dimension(0);
    int from = x.length / count;
    int to = out.length / count;
    int plane = shape.dimension(2) * shape.dimension(3);
    for (int n = 0; n < count; n++) {
      System.arraycopy(x, n * from, out, n * to + pad.before() * plane, from);
    }
    return result();
  }

  @Override
  public Tensor flatten(Operation.Flatten flatten) {
    return new Tensor(shape, x);
  }

  @Override
  public Tensor linear(Operation.Linear linear) {
    int outputs = shape.dimension(1);
    int features = inputs[0].shape().dimension(1);
    for (int i = 0; i < out.length; i++) {
      int n = i / outputs;
      int o = i % outputs;
      double sum = inputs.length == 3 ? inputs[2].values()[o] : 0;
      for (int f = 0; f < features; f++) {
        sum += (double) inputs[1].values()[o * features + f] * x[n * features + f];
      }
      out[i] = (float) sum;
    }
    return result();
  }

  private Tensor result() {
    return new Tensor(shape, out);
  }
}
