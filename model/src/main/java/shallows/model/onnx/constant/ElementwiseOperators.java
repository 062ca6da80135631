package shallows.model.onnx.constant;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.apache.commons.numbers.gamma.Erf;

/** Operators that compute each number of the result of the numbers in the same place. */
final class ElementwiseOperators {
  private final Map<String, Function<ConstantCall, Constant>> operators = new HashMap<>();

  private ElementwiseOperators() {
    curves();
    arithmetic();
    comparisons();
    kinds();
  }

  static Map<String, Function<ConstantCall, Constant>> all() {
    return new ElementwiseOperators().operators;
  }

  private void curves() {
    curve("Sqrt", Math::sqrt);
    curve("Exp", Math::exp);
    curve("Log", Math::log);
    curve("Reciprocal", x -> 1 / x);
    curve("Floor", Math::floor);
    curve("Ceil", Math::ceil);
    curve("Round", Math::rint);
    curve("Erf", Erf::value);
    curve("Tanh", Math::tanh);
    curve("Sin", Math::sin);
    curve("Cos", Math::cos);
    curve("Tan", Math::tan);
    curve("Sigmoid", x -> 1 / (1 + Math.exp(-x)));
    curve("Softplus", x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
    map("Neg", x -> -x, x -> -x);
    map("Abs", Math::abs, Math::abs);
    map("Sign", Math::signum, Long::signum);
    map("Relu", x -> Math.max(x, 0), x -> Math.max(x, 0));
    map("Not", x -> x == 0 ? 1 : 0, x -> x == 0 ? 1 : 0);
    map("BitwiseNot", x -> x, x -> ~x);
    operators.put("IsNaN", call -> test(call, Double::isNaN));
    operators.put("IsInf", call -> test(call, Double::isInfinite));
    operators.put("LeakyRelu", call -> leaky(call, call.attributes().number("alpha", 0.01f)));
    operators.put("HardSigmoid", ElementwiseOperators::hardSigmoid);
    operators.put("Clip", ElementwiseOperators::clip);
  }

  private void arithmetic() {
    combine("Add", Double::sum, Long::sum);
    combine("Sub", (a, b) -> a - b, (a, b) -> a - b);
    combine("Mul", (a, b) -> a * b, (a, b) -> a * b);
    combine("Div", (a, b) -> a / b, (a, b) -> a / b);
    combine("Pow", Math::pow, (a, b) -> (long) Math.pow(a, b));
    several("Min", Math::min, Math::min);
    several("Max", Math::max, Math::max);
    several("Sum", Double::sum, Long::sum);
    combine("And", (a, b) -> a * b, (a, b) -> a & b);
    combine("Or", Math::max, (a, b) -> a | b);
    combine("Xor", (a, b) -> a, (a, b) -> a ^ b);
    combine("BitwiseAnd", (a, b) -> a, (a, b) -> a & b);
    combine("BitwiseOr", (a, b) -> a, (a, b) -> a | b);
    combine("BitwiseXor", (a, b) -> a, (a, b) -> a ^ b);
    operators.put("Mod", ElementwiseOperators::mod);
    operators.put("Mean", ElementwiseOperators::mean);
  }

  private void comparisons() {
    compare("Equal", (a, b) -> a == b, (a, b) -> a == b);
    compare("Less", (a, b) -> a < b, (a, b) -> a < b);
    compare("LessOrEqual", (a, b) -> a <= b, (a, b) -> a <= b);
    compare("Greater", (a, b) -> a > b, (a, b) -> a > b);
    compare("GreaterOrEqual", (a, b) -> a >= b, (a, b) -> a >= b);
    operators.put("Where", ElementwiseOperators::where);
  }

  private void kinds() {
    operators.put("Identity", call -> call.input(0));
    operators.put("Cast", call -> cast(call, call.type("to", DataType.UNDEFINED)));
    operators.put("CastLike", call -> cast(call, call.input(1).type()));
  }

  private void curve(String name, DoubleUnaryOperator curve) {
    map(name, curve, x -> (long) curve.applyAsDouble(x));
  }

  private void map(String name, DoubleUnaryOperator numbers, LongUnaryOperator integers) {
    operators.put(name, call -> mapped(call.input(0), numbers, integers));
  }

  static Constant mapped(Constant x, DoubleUnaryOperator numbers, LongUnaryOperator integers) {
    return x.isFloating()
        ? Constant.floating(x.type(), x.extents(), i -> numbers.applyAsDouble(x.number(i)))
        : Constant.integral(x.type(), x.extents(), i -> integers.applyAsLong(x.integer(i)));
  }

  private void combine(String name, DoubleBinaryOperator numbers, LongBinaryOperator integers) {
    operators.put(name, call -> combined(call, call.input(0), call.input(1), numbers, integers));
  }

  private void several(String name, DoubleBinaryOperator numbers, LongBinaryOperator integers) {
    operators.put(
        name,
        call ->
            call.all().stream()
                .reduce((a, b) -> combined(call, a, b, numbers, integers))
                .orElseThrow());
  }

  private static Constant combined(
      ConstantCall call,
      Constant a,
      Constant b,
      DoubleBinaryOperator numbers,
      LongBinaryOperator integers) {
    // Until opset 6 the second was stretched along named axes.
    call.attributes().expect("broadcast", 0);
    int[] extents = call.common(a, b);
    Constant first = a.broadcast(extents);
    Constant second = b.broadcast(extents);
    if (a.isFloating()) {
      return Constant.floating(
          a.type(), extents, i -> numbers.applyAsDouble(first.number(i), second.number(i)));
    }
    boolean power = b.isFloating();
    return Constant.integral(
        a.type(),
        extents,
        i ->
            power
                ? (long) numbers.applyAsDouble(first.number(i), second.number(i))
                : integers.applyAsLong(first.integer(i), second.integer(i)));
  }

  private interface NumbersTest {
    boolean test(double first, double second);
  }

  private interface IntegersTest {
    boolean test(long first, long second);
  }

  private void compare(String name, NumbersTest numbers, IntegersTest integers) {
    operators.put(
        name,
        call -> {
          int[] extents = call.common(call.input(0), call.input(1));
          Constant a = call.input(0).broadcast(extents);
          Constant b = call.input(1).broadcast(extents);
          boolean floating = a.isFloating() || b.isFloating();
          return Constant.integral(
              DataType.BOOL,
              extents,
              i ->
                  (floating
                          ? numbers.test(a.number(i), b.number(i))
                          : integers.test(a.integer(i), b.integer(i)))
                      ? 1
                      : 0);
        });
  }

  private static Constant test(ConstantCall call, java.util.function.DoublePredicate predicate) {
    Constant x = call.input(0);
    return Constant.integral(DataType.BOOL, x.extents(), i -> predicate.test(x.number(i)) ? 1 : 0);
  }

  private static Constant leaky(ConstantCall call, double slope) {
    return mapped(call.input(0), x -> x < 0 ? slope * x : x, x -> x);
  }

  private static Constant hardSigmoid(ConstantCall call) {
    double alpha = call.attributes().number("alpha", 0.2f);
    double beta = call.attributes().number("beta", 0.5f);
    return mapped(call.input(0), x -> Math.max(0, Math.min(1, alpha * x + beta)), x -> x);
  }

  /** Bounds are attributes until opset 10, inputs from opset 11 on. */
  private static Constant clip(ConstantCall call) {
    double low = bound(call, 1, "min", -Double.MAX_VALUE);
    double high = bound(call, 2, "max", Double.MAX_VALUE);
    return mapped(
        call.input(0),
        x -> Math.min(Math.max(x, low), high),
        x -> (long) Math.min(Math.max(x, low), high));
  }

  private static double bound(ConstantCall call, int index, String attribute, double none) {
    float given = call.attributes().number(attribute, Float.NaN);
    return call.has(index) ? call.input(index).number(0) : Float.isNaN(given) ? none : given;
  }

  /** The remainder has the sign of the divisor, or, as of {@code fmod}, of the dividend. */
  private static Constant mod(ConstantCall call) {
    boolean truncates = call.attributes().integer("fmod", 0) != 0;
    return combined(
        call,
        call.input(0),
        call.input(1),
        (a, b) -> a % b,
        truncates ? (a, b) -> a % b : Math::floorMod);
  }

  private static Constant mean(ConstantCall call) {
    int count = call.all().size();
    Constant sum =
        call.all().stream()
            .reduce((a, b) -> combined(call, a, b, Double::sum, Long::sum))
            .orElseThrow();
    return mapped(sum, x -> x / count, x -> x / count);
  }

  private static Constant where(ConstantCall call) {
    int[] extents = call.common(call.input(0), call.input(1), call.input(2));
    Constant choice = call.input(0).broadcast(extents);
    Constant a = call.input(1).broadcast(extents);
    Constant b = call.input(2).broadcast(extents);
    return a.isFloating()
        ? Constant.floating(
            a.type(), extents, i -> choice.integer(i) != 0 ? a.number(i) : b.number(i))
        : Constant.integral(
            a.type(), extents, i -> choice.integer(i) != 0 ? a.integer(i) : b.integer(i));
  }

  private static Constant cast(ConstantCall call, DataType to) {
    // Of numbers of eight bits only.
    call.attributes().integer("saturate", 1);
    Constant x = call.input(0);
    if (ElementTypes.isFloating(to)) {
      boolean wide = to == DataType.DOUBLE || x.type() == DataType.DOUBLE || !x.isFloating();
      return wide ? Constant.floating(to, x.extents(), x::number) : x.renamed(to);
    }
    return to == DataType.BOOL
        ? Constant.integral(to, x.extents(), i -> x.number(i) != 0 ? 1 : 0)
        : Constant.integral(to, x.extents(), x::integer);
  }
}
