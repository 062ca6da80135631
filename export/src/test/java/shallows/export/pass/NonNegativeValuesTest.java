package shallows.export.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shallows.export.pass.PassGraphs.builder;
import static shallows.export.pass.PassGraphs.conv;
import static shallows.export.pass.PassGraphs.random;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

/**
 * The cases of {@link NonNegativeValues} by their numbers, each against what the interpreter finds:
 * a value is known exactly where no image gave a negative one.
 */
class NonNegativeValuesTest {
  private static final Operation RELU = new Operation.Relu();
  private static final Operation ADD = new Operation.Add();
  private static final Operation MULTIPLY = new Operation.Multiply();
  private static final Operation CONCAT = new Operation.Concat();
  private static final Extent TWO = Extent.square(2);

  @Test
  void case1WhateverTheyRead() {
    for (Operation operation :
        List.of(
            RELU,
            new Operation.Activation(Operation.Curve.SIGMOID),
            new Operation.Activation(Operation.Curve.HARD_SIGMOID),
            Operation.Clip.RELU6,
            new Operation.Clip(0.1f, 0.2f))) {
      assertIsKnown(true, ofImage(operation));
    }
  }

  @Test
  void case2WhatKeepsTheSign() {
    for (Operation operation :
        List.of(
            new Operation.LeakyRelu(0.1f),
            new Operation.Activation(Operation.Curve.HARD_SWISH),
            new Operation.Activation(Operation.Curve.GELU),
            new Operation.Clip(-1, 0.3f),
            new Operation.Dropout(0.3f),
            new Operation.MaxPool(TWO, TWO, Extent.ONE),
            new Operation.AveragePool(TWO, TWO, Extent.ZERO),
            new Operation.GlobalAveragePool(),
            new Operation.PadChannels(1, 2),
            new Operation.PadImage(1, 0, 2, 0),
            new Operation.SliceChannels(1, 3),
            new Operation.ChannelShuffle(3),
            new Operation.Flatten())) {
      assertIsKnown(true, ofRelu(operation));
    }
    GraphBuilder builder = builder();
    String vector =
        builder.add("vector", new Operation.Flatten(), builder.add("relu", RELU, builder.image()));
    assertIsKnown(true, builder.build(builder.add("value", new Operation.Unflatten(), vector)));
  }

  @Test
  void case3OfNothingButSuchValues() {
    for (Operation operation : List.of(ADD, MULTIPLY, CONCAT)) {
      assertIsKnown(true, ofTwo(operation, true));
    }
  }

  @Test
  void case4ScaleByAtLeastNothing() {
    assertIsKnown(true, ofRelu(new Operation.Scale(0.6f)));
    assertIsKnown(true, ofRelu(new Operation.Scale(0)));
    assertIsKnown(false, ofRelu(new Operation.Scale(-0.6f)));
  }

  @Test
  void case5NotKnownOfWhatHasWeights() {
    GraphBuilder builder = builder();
    String relu = builder.add("relu", RELU, builder.image());
    Graph convolved = builder.build(conv(builder, "value", relu, false));
    assertIsKnown(false, convolved);
    builder = builder();
    String flat =
        builder.add("flat", new Operation.Flatten(), builder.add("relu", RELU, builder.image()));
    assertIsKnown(false, builder.build(builder.linear("value", flat, 4)));
    builder = builder();
    relu = builder.add("relu", RELU, builder.image());
    assertIsKnown(false, PassGraphs.build(builder, builder.batchNorm("value", relu)));
    builder = builder();
    relu = builder.add("relu", RELU, builder.image());
    builder.parameter("γ", Tensor.vector(1, 1, 1));
    builder.parameter("β", Tensor.vector(0, 0, 0));
    assertIsKnown(
        false,
        builder.build(builder.add("value", new Operation.ChannelNorm(1e-5f), relu, "γ", "β")));
  }

  @Test
  void case5NotKnownOverValuesThatMayBeNegative() {
    for (Operation operation :
        List.of(
            new Operation.LeakyRelu(0.1f),
            new Operation.Activation(Operation.Curve.HARD_SWISH),
            new Operation.Activation(Operation.Curve.GELU),
            new Operation.Clip(-1, 0.3f),
            new Operation.Clip(Float.NEGATIVE_INFINITY, -0.1f),
            new Operation.Dropout(0.3f),
            new Operation.MaxPool(Extent.ONE, TWO, Extent.ZERO),
            new Operation.AveragePool(TWO, TWO, Extent.ZERO),
            new Operation.GlobalAveragePool(),
            new Operation.PadChannels(1, 2),
            new Operation.PadImage(1, 0, 2, 0),
            new Operation.SliceChannels(1, 3),
            new Operation.ChannelShuffle(3),
            new Operation.Flatten(),
            new Operation.Scale(0.6f))) {
      assertIsKnown(false, ofImage(operation));
    }
    for (Operation operation : List.of(ADD, MULTIPLY, CONCAT)) {
      assertIsKnown(false, ofTwo(operation, false));
    }
    assertIsKnown(false, ofRelu(new Operation.Clip(Float.NEGATIVE_INFINITY, -0.1f)));
  }

  @Test
  void nothingThatIsKnownIsNegativeInAnyOperation() {
    for (Graph graph : OperationCases.all()) {
      Set<String> known = NonNegativeValues.of(graph);
      Interpreter.values(graph, OperationCases.input(graph, 3))
          .forEach(
              (name, value) ->
                  assertFalse(known.contains(name) && least(value) < 0, graph.name() + name));
    }
  }

  private static Graph ofImage(Operation operation) {
    GraphBuilder builder = builder();
    return builder.build(builder.add("value", operation, builder.image()));
  }

  private static Graph ofRelu(Operation operation) {
    GraphBuilder builder = builder();
    String relu = builder.add("relu", RELU, builder.image());
    return builder.build(builder.add("value", operation, relu));
  }

  private static Graph ofTwo(Operation operation, boolean both) {
    GraphBuilder builder = builder();
    String relu = builder.add("relu", RELU, builder.image());
    String other =
        both
            ? builder.add("clip", new Operation.Clip(0, 0.3f), builder.image())
            : builder.add("turned", new Operation.Scale(-2), builder.image());
    return builder.build(builder.add("value", operation, relu, other));
  }

  private static void assertIsKnown(boolean known, Graph graph) {
    String what = graph.node("value").operation().toString();
    assertEquals(known, NonNegativeValues.of(graph).contains("value"), what);
    float least = least(Interpreter.run(graph, random(graph.input().shape().withBatch(2))));
    assertTrue(known == least >= 0, what + ": the least is " + least);
  }

  private static float least(Tensor tensor) {
    float least = Float.POSITIVE_INFINITY;
    for (float value : tensor.values()) {
      least = Math.min(least, value);
    }
    return least;
  }
}
