package shallows.model.onnx.read;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * The equation of an Einsum node of two operands as one product of matrices: letters that both and
 * the result have are in front, then come those that one operand and the result have, and those
 * that both operands have and the result has not.
 */
record OnnxContraction(String first, String second, String result) {
  /**
   * @throws IllegalArgumentException when it is another sum
   */
  static OnnxContraction of(String equation) {
    String plain = equation.replace(" ", "");
    String[] sides = plain.split("->", -1);
    String[] operands = sides[0].split(",", -1);
    if (sides.length != 2 || operands.length != 2 || !plain.matches("[A-Za-z,]+->[A-Za-z]+")) {
      throw unknown(equation);
    }
    OnnxContraction read = new OnnxContraction(operands[0], operands[1], sides[1]);
    boolean one =
        read.own(read.first, read.second).length() == 1
            && read.own(read.second, read.first).length() == 1
            && read.summed().length() == 1
            && read.result.length() == read.shared().length() + 2;
    boolean distinct =
        List.of(read.first, read.second, read.result).stream()
            .allMatch(letters -> letters.chars().distinct().count() == letters.length());
    if (!one || !distinct) {
      throw unknown(equation);
    }
    return read;
  }

  private static IllegalArgumentException unknown(String equation) {
    return new IllegalArgumentException(
        "expected an equation that is one product of matrices, found '" + equation + "'");
  }

  OnnxContraction swapped() {
    return new OnnxContraction(second, first, result);
  }

  /** Those that both operands and the result have, in the order of the result. */
  private String shared() {
    return kept(result, letter -> first.indexOf(letter) >= 0 && second.indexOf(letter) >= 0);
  }

  private String summed() {
    return kept(first, letter -> second.indexOf(letter) >= 0 && result.indexOf(letter) < 0);
  }

  /** Those that one operand alone has, and the result. */
  private String own(String operand, String other) {
    return kept(operand, letter -> other.indexOf(letter) < 0 && result.indexOf(letter) >= 0);
  }

  private static String kept(String letters, IntPredicate keep) {
    return letters
        .chars()
        .filter(keep)
        .mapToObj(letter -> String.valueOf((char) letter))
        .collect(Collectors.joining());
  }

  private static List<Integer> order(String from, String to) {
    return to.chars().mapToObj(from::indexOf).toList();
  }

  /** The axes of the first operand, the one that is summed over last. */
  List<Integer> firstOrder() {
    return order(first, shared() + own(first, second) + summed());
  }

  /** The axes of the second operand, the one that is summed over last but one. */
  List<Integer> secondOrder() {
    return order(second, shared() + summed() + own(second, first));
  }

  /** The axes of the product, in the order of the result. */
  List<Integer> resultOrder() {
    return order(shared() + own(first, second) + own(second, first), result);
  }
}
