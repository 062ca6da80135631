package shallows.train.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.train.options.MixedPrecision;

/**
 * Arrays of bfloat16, which is "brain floating point": a float without the lower 16 of its bits.
 * DJL 0.36 has no such type: what would have to name it ends the process, so arrays of it come out
 * of functions of TorchScript only, and nothing may be asked of them that passes their type on.
 *
 * <p>What is computed in it: convolutions, batch norm (whose parameters, mean and variance stay
 * floats), activations, sums and what only moves values. All else, attention and the classifier
 * too, is computed in floats, and hands floats on until the next convolution.
 */
final class BrainFloats {
  private static final Set<Class<? extends Operation>> COMPUTED =
      Set.of(
          Operation.Conv2d.class,
          Operation.BatchNorm.class,
          Operation.Relu.class,
          Operation.LeakyRelu.class,
          Operation.Clip.class,
          Operation.Activation.class,
          Operation.Add.class,
          Operation.Multiply.class,
          Operation.Concat.class,
          Operation.Scale.class,
          Operation.MaxPool.class,
          Operation.GlobalAveragePool.class,
          Operation.PadChannels.class,
          Operation.CropImage.class,
          Operation.SliceChannels.class,
          Operation.ChannelShuffle.class,
          Operation.Rearrange.class,
          Operation.Unflatten.class);

  /** Made when first needed, with the engine; as long-lived as that. */
  private static final class Casts {
    private static final PtNDManager MANAGER =
        (PtNDManager) Engine.getEngine(Torch.ENGINE).newBaseManager();

    // Torch's numbers of its types.
    static final ScriptedFunction TO_BRAIN_FLOATS =
        new ScriptedFunction("torch.to(x, 15)", MANAGER);
    static final ScriptedFunction TO_FLOATS = new ScriptedFunction("torch.to(x, 6)", MANAGER);

    private Casts() {}
  }

  /** Channels of what is tried. */
  private static final int SIDE = 16;

  private BrainFloats() {}

  /**
   * Computes one small convolution, forward and backward.
   *
   * @throws BadInputException where torch has none in bfloat16 for this processor
   */
  static void tryOut(Device device) {
    try (NDManager manager = Torch.manager(device);
        Workers one = new Workers(1, 1, true)) {
      one.one(
          () -> {
            NDArray weight = manager.ones(new Shape(SIDE, SIDE, 3, 3));
            weight.setRequiresGradient(true);
            NDArray image = manager.ones(new Shape(1, 5, 5, SIDE)).transpose(0, 3, 1, 2);
            NDArray sums = convolution(Operation.Conv2d.of(1, 1), image, weight, null);
            NDArray loss = floats(sums).sum();
            JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.create(1f), false, false);
            return null;
          });
    } catch (EngineException | LinkageError e) {
      throw new BadInputException(
          Phrase.of("%s %s", Setting.MIXED_PRECISION, MixedPrecision.BF16),
          "a device that convolves bfloat16",
          "one for which PyTorch does not: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          Phrase.of("begin a run without %s", Setting.MIXED_PRECISION));
    }
  }

  /** Rounded to the nearest; the gradient passes. The layout in memory stays. */
  static NDArray of(NDArray x) {
    return Casts.TO_BRAIN_FLOATS.of(x);
  }

  /** The same array, where it is one of floats. */
  static NDArray floats(NDArray x) {
    return isOne(x) ? Casts.TO_FLOATS.of(x) : x;
  }

  /** DJL calls every type unknown that it does not know, and we ask torch for no other of those. */
  static boolean isOne(NDArray x) {
    return x.getDataType() == DataType.UNKNOWN;
  }

  /** Whether an operation is computed in bfloat16, if what goes in is. */
  static boolean computes(Operation operation) {
    return COMPUTED.contains(operation.getClass());
  }

  /**
   * The weights and biases of convolutions, which are rounded once a step. Not those of binary
   * layers, which are made of them first, nor what others read too, a batch norm for example.
   */
  static List<String> weights(Graph graph) {
    Set<String> rounded = new LinkedHashSet<>();
    Set<String> others = new HashSet<>();
    for (Node node : graph.nodes()) {
      boolean rounds =
          node.operation() instanceof Operation.Conv2d conv && conv.precision() != Precision.BINARY;
      (rounds ? rounded : others).addAll(node.inputs().subList(1, node.inputs().size()));
    }
    rounded.removeAll(others);
    return List.copyOf(rounded);
  }

  /** As the type of another array. */
  static NDArray like(NDArray other, NDArray x) {
    return isOne(other) ? rounded(x) : x;
  }

  /** A node of any type of inputs. */
  static NDArray compute(Node node, NDArray[] inputs, RunMode mode) {
    NDArray[] taken = inputs;
    List<NDArray> made = new ArrayList<>();
    if (!computes(node.operation())) {
      taken = inputs.clone();
      for (int i = 0; i < taken.length; i++) {
        taken[i] = floats(inputs[i]);
        if (taken[i] != inputs[i]) {
          made.add(taken[i]);
        }
      }
    }
    NDArray result = node.operation().accept(new NodeComputation(node.name(), taken, mode));
    made.forEach(NDArray::close);
    return result;
  }

  /**
   * Image, weight and bias are rounded where they are floats.
   *
   * @param bias null where there is none
   */
  static NDArray convolution(Operation.Conv2d operation, NDArray x, NDArray weight, NDArray bias) {
    return Convolution.of(
        operation, rounded(x), rounded(weight), bias == null ? null : rounded(bias));
  }

  private static NDArray rounded(NDArray x) {
    return isOne(x) ? x : of(x);
  }
}
