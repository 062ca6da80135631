package shallows.export.quantize.simulate;

import java.util.Arrays;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/** Sums of products of integers, in 32 bits and without any rounding, as all runtimes add them. */
final class IntegerSums {
  private IntegerSums() {}

  /**
   * A convolution, as many long rows that are added to one another. Below a weight of the kernel
   * lies, as the window moves, every stride-th pixel of every stride-th row. So the image, zeros
   * around it, is dealt out to stride² smaller ones, in which the pixels below one weight lie side
   * by side; and since their rows are all of one length, whole images are shifted and added in one
   * loop, which goes past the end of each row, where nothing is read.
   *
   * @param x (C, H, W), as distances from the zero point, so that padding is 0
   * @param weight (O, C / groups, kH, kW)
   * @return (O, H', W')
   */
  static int[] convolution(
      Operation.Conv2d conv, int[] x, Shape image, byte[] weight, Shape kernel, Shape result) {
    Dealt dealt = Dealt.of(conv, x, image, kernel, result);
    int perOutput = kernel.dimension(1) * kernel.dimension(2) * kernel.dimension(3);
    int outputsPerGroup = kernel.dimension(0) / conv.groups();
    int height = result.dimension(1);
    int width = result.dimension(2);
    int[] sums = new int[result.size()];
    int[] plane = new int[(height - 1) * dealt.width() + width];
    int[][] sources = new int[perOutput][];
    int[] offsets = new int[perOutput];
    for (int o = 0; o < kernel.dimension(0); o++) {
      int first = o / outputsPerGroup * kernel.dimension(1);
      for (int i = 0; i < perOutput; i++) {
        int position = i % (kernel.dimension(2) * kernel.dimension(3));
        int row = position / kernel.dimension(3) * conv.dilation().height();
        int column = position % kernel.dimension(3) * conv.dilation().width();
        int channel = first + i / (kernel.dimension(2) * kernel.dimension(3));
        sources[i] = dealt.plane(channel, row, column);
        offsets[i] = dealt.offset(row, column);
      }
      Arrays.fill(plane, 0);
      int i = 0;
      for (; i + 4 <= perOutput; i += 4) {
        addFour(plane, sources, offsets, weight, o * perOutput, i);
      }
      for (; i < perOutput; i++) {
        addOne(plane, sources[i], offsets[i], weight[o * perOutput + i]);
      }
      for (int y = 0; y < height; y++) {
        System.arraycopy(plane, y * dealt.width(), sums, (o * height + y) * width, width);
      }
    }
    return sums;
  }

  /** Four at once, as each pass over the plane loads and stores it. */
  private static void addFour(
      int[] plane, int[][] sources, int[] offsets, byte[] weight, int first, int i) {
    int[] a = sources[i];
    int[] b = sources[i + 1];
    int[] c = sources[i + 2];
    int[] d = sources[i + 3];
    int fromA = offsets[i];
    int fromB = offsets[i + 1];
    int fromC = offsets[i + 2];
    int fromD = offsets[i + 3];
    int ofA = weight[first + i];
    int ofB = weight[first + i + 1];
    int ofC = weight[first + i + 2];
    int ofD = weight[first + i + 3];
    for (int p = 0; p < plane.length; p++) {
      plane[p] += ofA * a[fromA + p] + ofB * b[fromB + p] + ofC * c[fromC + p] + ofD * d[fromD + p];
    }
  }

  private static void addOne(int[] plane, int[] source, int from, int factor) {
    for (int p = 0; p < plane.length; p++) {
      plane[p] += factor * source[from + p];
    }
  }

  /**
   * An image, dealt out by the remainders of row and column by the strides.
   *
   * @param planes by channel, then row remainder, then column remainder
   * @param width of each
   */
  private record Dealt(int[][] planes, int width, Extent stride) {
    static Dealt of(Operation.Conv2d conv, int[] x, Shape image, Shape kernel, Shape result) {
      Extent stride = conv.stride();
      // As far as the last weight of the last window reaches.
      int reachDown = (kernel.dimension(2) - 1) * conv.dilation().height() / stride.height();
      int reachRight = (kernel.dimension(3) - 1) * conv.dilation().width() / stride.width();
      int height = result.dimension(1) + reachDown;
      int width = result.dimension(2) + reachRight;
      int remainders = stride.height() * stride.width();
      int[][] planes = new int[image.dimension(0) * remainders][height * width];
      for (int i = 0; i < x.length; i++) {
        int row = i / image.dimension(2) % image.dimension(1) + conv.padding().height();
        int column = i % image.dimension(2) + conv.padding().width();
        int y = row / stride.height();
        int z = column / stride.width();
        // Beyond that lies what no window reaches.
        if (y < height && z < width) {
          int channel = i / (image.dimension(1) * image.dimension(2));
          int remainder = row % stride.height() * stride.width() + column % stride.width();
          planes[channel * remainders + remainder][y * width + z] = x[i];
        }
      }
      return new Dealt(planes, width, stride);
    }

    int[] plane(int channel, int row, int column) {
      int remainder = row % stride.height() * stride.width() + column % stride.width();
      return planes[channel * stride.height() * stride.width() + remainder];
    }

    int offset(int row, int column) {
      return row / stride.height() * width + column / stride.width();
    }
  }

  /**
   * @param x (F)
   * @param weight (O, F)
   * @return (O)
   */
  static int[] linear(int[] x, byte[] weight, int outputs) {
    int[] sums = new int[outputs];
    for (int o = 0; o < outputs; o++) {
      int sum = 0;
      for (int f = 0; f < x.length; f++) {
        sum += weight[o * x.length + f] * x[f];
      }
      sums[o] = sum;
    }
    return sums;
  }
}
