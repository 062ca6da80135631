package shallows.model.onnx.constant;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.model.graph.Extent;

/**
 * The attributes of one node, each taken once. One that nobody took would change the result
 * unnoticed, so {@link #requireNoneLeft} refuses it.
 */
public final class OnnxAttributes {
  /**
   * No kernel, stride, padding or dilation is larger in a network for images, and the products and
   * sums of any two stay within an int.
   */
  private static final long LARGEST = 32_767;

  private final Map<String, AttributeProto> left = new LinkedHashMap<>();

  public OnnxAttributes(NodeProto node) {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (left.put(attribute.getName(), attribute) != null) {
        throw new IllegalArgumentException("attribute " + attribute.getName() + " is there twice");
      }
    }
  }

  /** The attribute, if it is there, which must be of this type. */
  public Optional<AttributeProto> take(String name, AttributeType type) {
    AttributeProto attribute = left.remove(name);
    if (attribute != null && attribute.getType() != type) {
      throw new IllegalArgumentException(
          "expected " + name + " of type " + type + ", found " + attribute.getType());
    }
    return Optional.ofNullable(attribute);
  }

  public int integer(String name, int fallback) {
    long value = take(name, AttributeType.INT).map(AttributeProto::getI).orElse((long) fallback);
    return small(name, value);
  }

  /** An integer that may be negative, such as an axis counted from the end. */
  public int signed(String name, int fallback) {
    long value = take(name, AttributeType.INT).map(AttributeProto::getI).orElse((long) fallback);
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
  }

  public float number(String name, float fallback) {
    return take(name, AttributeType.FLOAT).map(AttributeProto::getF).orElse(fallback);
  }

  public String text(String name, String fallback) {
    return take(name, AttributeType.STRING).map(a -> a.getS().toStringUtf8()).orElse(fallback);
  }

  /** The only value that we can represent, which is also what an absent attribute means. */
  public void expect(String name, int expected) {
    int found = signed(name, expected);
    if (found != expected) {
      throw new IllegalArgumentException("expected " + name + " " + expected + ", found " + found);
    }
  }

  /** Integers, if they are there. */
  public Optional<long[]> integers(String name) {
    return take(name, AttributeType.INTS)
        .map(attribute -> attribute.getIntsList().stream().mapToLong(Long::longValue).toArray());
  }

  /** Numbers, none if they are not there. */
  public float[] numbers(String name) {
    List<Float> all =
        take(name, AttributeType.FLOATS).map(AttributeProto::getFloatsList).orElse(List.of());
    float[] numbers = new float[all.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = all.get(i);
    }
    return numbers;
  }

  /** A height and a width, if they are there. */
  public Optional<Extent> extent(String name) {
    return take(name, AttributeType.INTS)
        .map(
            attribute -> {
              List<Long> sides = attribute.getIntsList();
              requireCount(name, 2, sides);
              return new Extent(small(name, sides.get(0)), small(name, sides.get(1)));
            });
  }

  /** Zeros on the top, the left, the bottom and the right. */
  public int[] pads() {
    List<Long> pads =
        take("pads", AttributeType.INTS)
            .map(AttributeProto::getIntsList)
            .orElse(List.of(0L, 0L, 0L, 0L));
    requireCount("pads", 4, pads);
    return pads.stream().mapToInt(pad -> small("pads", pad)).toArray();
  }

  public void requireNoneLeft() {
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("unknown attributes " + String.join(", ", left.keySet()));
    }
  }

  public static int small(String name, long value) {
    if (value < 0 || value > LARGEST) {
      throw new IllegalArgumentException(
          "expected " + name + " from 0 to " + LARGEST + ", found " + value);
    }
    return (int) value;
  }

  private static void requireCount(String name, int expected, List<Long> found) {
    if (found.size() != expected) {
      throw new IllegalArgumentException(
          "expected " + expected + " numbers in " + name + " (images only), found " + found.size());
    }
  }
}
