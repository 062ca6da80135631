package shallows.export.tflite;

import java.nio.ByteBuffer;
import java.util.Optional;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * How the numbers of a file are stored: what operators are there and how they are wired is the same
 * for files of floats and files of 8-bit integers.
 */
interface TfliteTensors {
  /**
   * The parameters of a layer.
   *
   * @param name of the weight
   * @param weight {@code (O, I / groups, kH, kW)}, or {@code (O, F)}
   * @param binary whether its values are ±α for each output
   * @param biasName of the bias
   * @param bias (O)
   * @param input the value that the layer reads
   * @param form of the operator
   */
  record Layer(
      String name,
      Tensor weight,
      boolean binary,
      String biasName,
      Tensor bias,
      String input,
      Form form) {}

  /** How an operator wants its filter. */
  enum Form {
    /** {@code (O, kH, kW, I)}. */
    CONVOLUTION,
    /** {@code (1, kH, kW, O)}. */
    DEPTHWISE,
    /** {@code (O, F)}. */
    LINEAR;

    Tensor laidOut(Tensor weight) {
      return switch (this) {
        case CONVOLUTION -> Layout.filter(weight);
        case DEPTHWISE -> Layout.depthwiseFilter(weight);
        case LINEAR -> weight;
      };
    }

    /** Integers of 8 bits, laid out: floats hold them exactly. */
    Tensor laidOut(Shape weight, byte[] values) {
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = values[i];
      }
      return laidOut(new Tensor(weight, floats));
    }

    /** The same as bytes. */
    static ByteBuffer bytes(Tensor integers) {
      ByteBuffer bytes = ByteBuffer.allocate(integers.size());
      for (float value : integers.values()) {
        bytes.put((byte) value);
      }
      return bytes.flip();
    }

    /** The axis of the outputs. */
    int outputAxis() {
      return this == DEPTHWISE ? 3 : 0;
    }
  }

  /** How the numbers of one node are stored, where nodes differ. */
  default TfliteTensors of(Node node) {
    return this;
  }

  /**
   * Whether a value is stored as integers although the node that computes it, or one that reads it,
   * computes in floats.
   */
  boolean isRounded(String value);

  /** Makes the tensor that goes in; returns its index. */
  int image(String name, Shape shape);

  /** The tensor that nodes read where they read the image, from what goes in. */
  int entering(String name, Shape shape, int image);

  /** Makes the tensor of a value; returns its index. */
  int value(String name, Shape shape);

  /** What goes out, of the tensor of the graph's output. */
  int leaving(String name, Shape shape, int output);

  /**
   * The floats of a tensor, which an operator without a form for integers reads.
   *
   * @param name of the tensor of floats, where one is made
   */
  int asFloats(String name, Shape shape, int tensor);

  /** Makes the tensor of floats that an operator without a form for integers writes. */
  int floats(String name, Shape shape);

  /** The tensor of a value, from its {@link #floats}. */
  int rounded(String name, Shape shape, int floats);

  /** Whether the runtime computes the curve on numbers such as these. */
  boolean hasOperator(Operation.Curve curve, String value);

  /** Whether it does everything else that is only computed on floats. */
  boolean areFloats();

  /**
   * Whether MEAN is exact. With integers it is off by half a step and more in TFLite 2.21, for the
   * whole image in one direction; a depthwise convolution with ones is not.
   */
  boolean hasExactMean();

  /**
   * The indices of filter and bias of a 1x1 convolution over both terms of a sum, side by side,
   * that is their sum; empty where the operator for sums is to be written.
   *
   * @param channels of a term
   */
  Optional<int[]> sum(Node sum, int channels);

  /** Makes the parameters of a layer; returns the indices of filter and bias. */
  int[] parameters(Layer layer);
}
