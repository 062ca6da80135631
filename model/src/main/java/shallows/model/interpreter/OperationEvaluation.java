package shallows.model.interpreter;

import java.util.Arrays;
import org.apache.commons.numbers.gamma.Erfc;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Resampling;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * One operation over one batch: inputs in, output of a known shape out. One plain method for each
 * operation, so it is as long as the list of them.
 */
final class OperationEvaluation implements Operation.Visitor<Tensor> {
  private final Tensor[] inputs;
  private final Shape shape;
  private final float[] x;
  private final float[] out;

  /**
   * @param inputs of the node, values behind their batch axis
   * @param shape of the output, batch axis first
   */
  OperationEvaluation(Tensor[] inputs, Shape shape) {
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
  public Tensor clip(Operation.Clip clip) {
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.min(Math.max(x[i], clip.low()), clip.high());
    }
    return result();
  }

  @Override
  public Tensor leakyRelu(Operation.LeakyRelu relu) {
    for (int i = 0; i < out.length; i++) {
      out[i] = x[i] > 0 ? x[i] : relu.slope() * x[i];
    }
    return result();
  }

  @Override
  public Tensor activation(Operation.Activation activation) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) on(activation.curve(), x[i]);
    }
    return result();
  }

  private static double on(Operation.Curve curve, double x) {
    return switch (curve) {
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case HARD_SIGMOID -> Math.min(Math.max(x + 3, 0), 6) / 6;
      case HARD_SWISH -> x * Math.min(Math.max(x + 3, 0), 6) / 6;
      // 1 + erf(x / √2) = erfc(−x / √2), which keeps its precision where it is small.
      case GELU -> x * Erfc.value(-x / Math.sqrt(2)) / 2;
      case GELU_TANH ->
          x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;
      case TANH -> Math.tanh(x);
      case ELU -> x > 0 ? x : Math.expm1(x);
      case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case ABS -> Math.abs(x);
    };
  }

  @Override
  public Tensor power(Operation.Power power) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) Math.pow(x[i], power.exponent());
    }
    return result();
  }

  @Override
  public Tensor binary(Operation.Binary binary) {
    // A parameter has no batch axis: it is the same for all images.
    boolean shared = inputs[1].shape().rank() < shape.rank();
    Shape second = shared ? inputs[1].shape().withBatch(1) : inputs[1].shape();
    float[] y = inputs[1].values();
    for (int i = 0; i < out.length; i++) {
      out[i] = on(binary.function(), x[at(i, inputs[0].shape())], y[at(i, second)]);
    }
    return result();
  }

  /** Where the number for element {@code i} of the result stands in an input of this shape. */
  private int at(int i, Shape input) {
    int at = 0;
    int step = 1;
    int rest = i;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      int index = rest % shape.dimension(axis);
      rest /= shape.dimension(axis);
      at += input.dimension(axis) == 1 ? 0 : index * step;
      step *= input.dimension(axis);
    }
    return at;
  }

  private static float on(Operation.Function function, float x, float y) {
    return switch (function) {
      case ADD -> x + y;
      case SUBTRACT -> x - y;
      case MULTIPLY -> x * y;
      case DIVIDE -> x / y;
      case MINIMUM -> Math.min(x, y);
      case MAXIMUM -> Math.max(x, y);
      case PRELU -> x > 0 ? x : y * x;
    };
  }

  @Override
  public Tensor add(Operation.Add add) {
    for (int i = 0; i < out.length; i++) {
      out[i] = x[i] + inputs[1].values()[i];
    }
    return result();
  }

  @Override
  public Tensor multiply(Operation.Multiply multiply) {
    // Of one shape, or one factor for each plane.
    int perFactor = out.length / inputs[1].size();
    for (int i = 0; i < out.length; i++) {
      out[i] = x[i] * inputs[1].values()[i / perFactor];
    }
    return result();
  }

  @Override
  public Tensor concat(Operation.Concat concat) {
    int count = shape.dimension(0);
    int at = 0;
    for (int n = 0; n < count; n++) {
      for (Tensor input : inputs) {
        int size = input.size() / count;
        System.arraycopy(input.values(), n * size, out, at, size);
        at += size;
      }
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
  public Tensor dropout(Operation.Dropout dropout) {
    return new Tensor(shape, x);
  }

  @Override
  public Tensor maxPool(Operation.MaxPool pool) {
    return pool(pool.kernel(), pool.stride(), pool.padding(), true, false);
  }

  @Override
  public Tensor averagePool(Operation.AveragePool pool) {
    return pool(pool.kernel(), pool.stride(), pool.padding(), false, pool.countsPadding());
  }

  private Tensor pool(
      Extent kernel, Extent stride, Extent padding, boolean largest, boolean countsPadding) {
    int height = inputs[0].shape().dimension(2);
    int width = inputs[0].shape().dimension(3);
    int outHeight = shape.dimension(2);
    int outWidth = shape.dimension(3);
    for (int i = 0; i < out.length; i++) {
      int plane = i / (outHeight * outWidth);
      int top = i / outWidth % outHeight * stride.height() - padding.height();
      int left = i % outWidth * stride.width() - padding.width();
      int bottom = Math.min(top + kernel.height(), height + padding.height());
      int right = Math.min(left + kernel.width(), width + padding.width());
      float max = Float.NEGATIVE_INFINITY;
      double sum = 0;
      int inside = 0;
      for (int ih = Math.max(top, 0); ih < Math.min(bottom, height); ih++) {
        for (int iw = Math.max(left, 0); iw < Math.min(right, width); iw++) {
          float pixel = x[(plane * height + ih) * width + iw];
          max = Math.max(max, pixel);
          sum += pixel;
          inside++;
        }
      }
      int counted = countsPadding ? (bottom - top) * (right - left) : inside;
      out[i] = largest ? max : (float) (sum / counted);
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
  public Tensor reduce(Operation.Reduce reduce) {
    boolean mean = reduce.statistic() == Operation.Statistic.MEAN;
    double[] reduced = new double[out.length];
    Arrays.fill(reduced, mean ? 0 : Double.NEGATIVE_INFINITY);
    Shape image = inputs[0].shape();
    for (int i = 0; i < x.length; i++) {
      int rest = i;
      int to = 0;
      int step = 1;
      for (int axis = 3; axis >= 0; axis--) {
        to += shape.dimension(axis) == 1 ? 0 : rest % image.dimension(axis) * step;
        rest /= image.dimension(axis);
        step *= shape.dimension(axis);
      }
      reduced[to] = mean ? reduced[to] + x[i] : Math.max(reduced[to], x[i]);
    }
    int each = x.length / out.length;
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) (mean ? reduced[i] / each : reduced[i]);
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
  public Tensor padImage(Operation.PadImage pad) {
    int height = inputs[0].shape().dimension(2);
    int width = inputs[0].shape().dimension(3);
    int outHeight = shape.dimension(2);
    int outWidth = shape.dimension(3);
    for (int i = 0; i < out.length; i++) {
      int row = pad.border().source(i / outWidth % outHeight - pad.top(), height);
      int column = pad.border().source(i % outWidth - pad.left(), width);
      if (row >= 0 && column >= 0) {
        out[i] = x[(i / (outHeight * outWidth) * height + row) * width + column];
      }
    }
    return result();
  }

  @Override
  public Tensor cropImage(Operation.CropImage crop) {
    int height = inputs[0].shape().dimension(2);
    int width = inputs[0].shape().dimension(3);
    int rows = crop.size().height();
    int columns = crop.size().width();
    for (int row = 0; row < out.length / columns; row++) {
      int from = (row / rows * height + crop.top() + row % rows) * width + crop.left();
      System.arraycopy(x, from, out, row * columns, columns);
    }
    return result();
  }

  @Override
  public Tensor selectPixels(Operation.SelectPixels select) {
    int height = inputs[0].shape().dimension(2);
    int width = inputs[0].shape().dimension(3);
    int columns = select.columns().size();
    for (int i = 0; i < out.length; i++) {
      int row = select.rows().get(i / columns % select.rows().size());
      int plane = i / columns / select.rows().size();
      out[i] = x[(plane * height + row) * width + select.columns().get(i % columns)];
    }
    return result();
  }

  @Override
  public Tensor resize(Operation.Resize resize) {
    int height = inputs[0].shape().dimension(2);
    int width = inputs[0].shape().dimension(3);
    int rows = resize.size().height();
    int columns = resize.size().width();
    for (int i = 0; i < out.length; i++) {
      Resampling.Source row = resize.mode().source(i / columns % rows, height, rows);
      Resampling.Source column = resize.mode().source(i % columns, width, columns);
      int first = (i / (rows * columns) * height + row.first()) * width + column.first();
      double upper = between(first, column.share());
      out[i] =
          (float)
              (row.share() == 0
                  ? upper
                  : upper + row.share() * (between(first + width, column.share()) - upper));
    }
    return result();
  }

  private double between(int first, double share) {
    return share == 0 ? x[first] : x[first] + share * ((double) x[first + 1] - x[first]);
  }

  @Override
  public Tensor sliceChannels(Operation.SliceChannels slice) {
    int count = shape.dimension(0);
    int from = x.length / count;
    int to = out.length / count;
    int plane = to / (slice.to() - slice.from());
    for (int n = 0; n < count; n++) {
      System.arraycopy(x, n * from + slice.from() * plane, out, n * to, to);
    }
    return result();
  }

  @Override
  public Tensor channelShuffle(Operation.ChannelShuffle shuffle) {
    int channels = shape.dimension(1);
    int groups = shuffle.groups();
    int plane = shape.dimension(2) * shape.dimension(3);
    for (int n = 0; n < shape.dimension(0); n++) {
      for (int channel = 0; channel < channels; channel++) {
        int source = channel % groups * (channels / groups) + channel / groups;
        System.arraycopy(
            x, (n * channels + source) * plane, out, (n * channels + channel) * plane, plane);
      }
    }
    return result();
  }

  @Override
  public Tensor rearrange(Operation.Rearrange rearrange) {
    int axes = rearrange.split().size();
    int[] steps = new int[axes];
    int step = 1;
    for (int axis = axes - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= rearrange.split().get(axis);
    }
    for (int i = 0; i < out.length; i++) {
      int rest = i % step;
      int from = i - rest;
      for (int axis = axes - 1; axis >= 0; axis--) {
        int source = rearrange.order().get(axis);
        from += rest % rearrange.split().get(source) * steps[source];
        rest /= rearrange.split().get(source);
      }
      out[i] = x[from];
    }
    return result();
  }

  @Override
  public Tensor groupNorm(Operation.GroupNorm norm) {
    int size = out.length / shape.dimension(0) / norm.groups();
    for (int first = 0; first < out.length; first += size) {
      double mean = 0;
      for (int i = first; i < first + size; i++) {
        mean += x[i];
      }
      mean /= size;
      double variance = 0;
      for (int i = first; i < first + size; i++) {
        variance += (x[i] - mean) * (x[i] - mean);
      }
      double deviation = Math.sqrt(variance / size + norm.epsilon());
      for (int i = first; i < first + size; i++) {
        out[i] = (float) ((x[i] - mean) / deviation);
      }
    }
    return result();
  }

  @Override
  public Tensor localResponseNorm(Operation.LocalResponseNorm norm) {
    int channels = shape.dimension(1);
    int plane = shape.dimension(2) * shape.dimension(3);
    int before = (norm.size() - 1) / 2;
    for (int i = 0; i < out.length; i++) {
      int channel = i / plane % channels;
      double squares = 0;
      for (int c = Math.max(0, channel - before);
          c <= Math.min(channels - 1, channel - before + norm.size() - 1);
          c++) {
        double other = x[i + (c - channel) * plane];
        squares += other * other;
      }
      double sum = norm.bias() + norm.alpha() / norm.size() * squares;
      out[i] = (float) (x[i] / Math.pow(sum, norm.beta()));
    }
    return result();
  }

  @Override
  public Tensor channelNorm(Operation.ChannelNorm norm) {
    int channels = shape.dimension(1);
    int plane = shape.dimension(2) * shape.dimension(3);
    for (int n = 0; n < shape.dimension(0); n++) {
      for (int position = 0; position < plane; position++) {
        normalize(n * channels * plane + position, plane, norm.epsilon());
      }
    }
    return result();
  }

  /** One position: its channels lie {@code step} apart, from {@code first} on. */
  private void normalize(int first, int step, float epsilon) {
    int channels = shape.dimension(1);
    double mean = 0;
    for (int c = 0; c < channels; c++) {
      mean += x[first + c * step];
    }
    mean /= channels;
    double variance = 0;
    for (int c = 0; c < channels; c++) {
      double difference = x[first + c * step] - mean;
      variance += difference * difference;
    }
    double deviation = Math.sqrt(variance / channels + epsilon);
    for (int c = 0; c < channels; c++) {
      double normal = (x[first + c * step] - mean) / deviation;
      out[first + c * step] = (float) (normal * inputs[1].values()[c] + inputs[2].values()[c]);
    }
  }

  @Override
  public Tensor attention(Operation.Attention attention) {
    int keys = inputs[2].shape().dimension(3);
    for (int n = 0; n < shape.dimension(0); n++) {
      for (int head = 0; head < attention.heads(); head++) {
        for (int row = 0; row < shape.dimension(2); row++) {
          for (int query = 0; query < shape.dimension(3); query++) {
            double[] weights = new double[keys];
            for (int key = 0; key < keys; key++) {
              weights[key] = score(attention, n, head, row, query, key);
            }
            if (attention.softmax()) {
              softmax(weights);
            }
            attend(attention, n, head, row, query, weights);
          }
        }
      }
    }
    return result();
  }

  private double score(
      Operation.Attention attention, int n, int head, int row, int query, int key) {
    Tensor q = inputs[0];
    Tensor k = inputs[1];
    int size = q.shape().dimension(1) / attention.heads();
    double score = 0;
    for (int c = head * size; c < (head + 1) * size; c++) {
      score += (double) q.values()[at(q, n, c, row, query)] * k.values()[at(k, n, c, row, key)];
    }
    score *= attention.scale();
    for (int i = 3; i < inputs.length; i++) {
      Shape bias = inputs[i].shape();
      int group = bias.dimension(0) == 1 ? 0 : head;
      int window = bias.dimension(1) == 1 ? 0 : row;
      score += inputs[i].values()[at(inputs[i], group, window, query, key)];
    }
    return score;
  }

  private static void softmax(double[] scores) {
    double most = Arrays.stream(scores).max().orElseThrow();
    Arrays.setAll(scores, i -> Math.exp(scores[i] - most));
    double sum = Arrays.stream(scores).sum();
    Arrays.setAll(scores, i -> scores[i] / sum);
  }

  private void attend(
      Operation.Attention attention, int n, int head, int row, int query, double[] weights) {
    Tensor v = inputs[2];
    int size = shape.dimension(1) / attention.heads();
    for (int c = head * size; c < (head + 1) * size; c++) {
      double sum = 0;
      for (int key = 0; key < weights.length; key++) {
        sum += weights[key] * v.values()[at(v, n, c, row, key)];
      }
      out[((n * shape.dimension(1) + c) * shape.dimension(2) + row) * shape.dimension(3) + query] =
          (float) sum;
    }
  }

  /** Where the number at these indices of four axes stands. */
  private static int at(Tensor tensor, int a, int b, int c, int d) {
    Shape shape = tensor.shape();
    return ((a * shape.dimension(1) + b) * shape.dimension(2) + c) * shape.dimension(3) + d;
  }

  @Override
  public Tensor unflatten(Operation.Unflatten unflatten) {
    return new Tensor(shape, x);
  }

  @Override
  public Tensor flatten(Operation.Flatten flatten) {
    return new Tensor(shape, x);
  }

  @Override
  public Tensor linear(Operation.Linear linear) {
    int outputs = shape.dimension(1);
    int features = inputs[0].shape().dimension(1);
    float[] weight = inputs[1].values();
    for (int i = 0; i < out.length; i++) {
      int n = i / outputs;
      int o = i % outputs;
      double sum = inputs.length == 3 ? inputs[2].values()[o] : 0;
      for (int f = 0; f < features; f++) {
        sum += (double) weight[o * features + f] * x[n * features + f];
      }
      out[i] = (float) sum;
    }
    return result();
  }

  private Tensor result() {
    return new Tensor(shape, out);
  }
}
