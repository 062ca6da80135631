package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Values side by side along an axis, some of them perhaps constants. */
final class OnnxConcat {
  private final OnnxCall call;

  OnnxConcat(OnnxCall call) {
    this.call = call;
  }

  void concat() {
    int count = call.inputs(1, Integer.MAX_VALUE).size();
    int[] computed = IntStream.range(0, count).filter(i -> !isConstant(i)).toArray();
    if (computed.length == 0) {
      throw new IllegalArgumentException("expected a computed value among the parts");
    }
    int first = computed[0];
    int last = computed[computed.length - 1];
    int rank = call.flow(first).layout().rank();
    int axis = OnnxAxes.axis(call.attributes().signed("axis", Integer.MAX_VALUE), rank);
    if (last - first + 1 != computed.length) {
      throw new IllegalArgumentException("expected constants before or behind computed values");
    }
    List<OnnxFlow> flows = Arrays.stream(computed).mapToObj(call::flow).toList();
    if (count > computed.length) {
      int before = extent(0, first, axis);
      int behind = extent(last + 1, count, axis);
      beside(flows, axis, before, behind);
    } else if (flows.size() == 1) {
      call.alias(flows.get(0));
    } else {
      together(joined(flows, axis));
    }
  }

  private void together(Joined joined) {
    if (joined.dimension() == 0) {
      call.emit(new Operation.Concat(), joined.layout(), joined.values());
      return;
    }
    // Side by side along another axis, which the channels change places with.
    List<Integer> swapped = new ArrayList<>(List.of(0, 1, 2, 3));
    swapped.set(1, joined.dimension() + 1);
    swapped.set(joined.dimension() + 1, 1);
    List<String> turned = joined.values().stream().map(value -> turned(value, swapped)).toList();
    String name = call.imported().add(call.output() + "/joined", new Operation.Concat(), turned);
    OnnxLayout all = OnnxLayout.first(call.imported().shape(name));
    OnnxFlow back = call.first(new OnnxFlow(name, all.transposed(swapped)));
    call.rename(back.withLayout(joined.layout()));
  }

  private String turned(String value, List<Integer> order) {
    OnnxLayout own = OnnxLayout.first(call.imported().shape(value));
    return call.first(new OnnxFlow(value, own.transposed(order))).value();
  }

  /** Beside constants: zeros along the channels, or any numbers along other axes. */
  private void beside(List<OnnxFlow> flows, int axis, int before, int behind) {
    int count = call.inputs().size();
    boolean zeros =
        IntStream.range(0, count).filter(this::isConstant).allMatch(i -> isZeros(constant(i)));
    boolean channels =
        flows.stream().allMatch(flow -> flow.layout().isWhole(axis, 0, call.shape(flow)));
    if (!zeros || !channels || call.shape(flows.get(0)).rank() != 3) {
      tokens(flows, axis, before, behind);
      return;
    }
    Joined joined = joined(flows, axis);
    OnnxFlow x = new OnnxFlow(joined.values().get(0), joined.layout());
    if (flows.size() > 1) {
      String name =
          call.imported().add(call.output() + "/parts", new Operation.Concat(), joined.values());
      x = new OnnxFlow(name, joined.layout());
    }
    int all = before + call.shape(x).dimension(0) + behind;
    call.emit(
        new Operation.PadChannels(before, behind),
        x.layout().with(axis, OnnxLayout.whole(0, all)),
        List.of(x.value()));
  }

  /** Tokens that are the same for each image: zeros in their place, and then they are added. */
  private void tokens(List<OnnxFlow> flows, int axis, int before, int behind) {
    if (flows.size() != 1 || flows.get(0).layout().hasImages(axis)) {
      throw call.misfit("constants beside one computed value", flows.get(0));
    }
    OnnxFlow x = OnnxTokens.columns(call, flows.get(0), axis);
    int extent = before + call.shape(x).dimension(2) + behind;
    OnnxLayout layout = x.layout().with(axis, OnnxLayout.whole(2, extent));
    OnnxFlow padded = call.step(x, "padded", new Operation.PadImage(0, before, 0, behind));
    Tensor numbers =
        OnnxAlignment.of(layout, call.shape(padded), sideBySide(layout.extents(1), axis));
    if (numbers == null) {
      throw call.misfit("constants that fit along axis " + axis, x);
    }
    call.emit(
        new Operation.Binary(Operation.Function.ADD),
        layout,
        List.of(padded.value(), call.derived("tokens", numbers)));
  }

  /** The constants at their places, zeros at those of the computed value. */
  private Tensor sideBySide(long[] extents, int axis) {
    Shape shape = new Shape(Arrays.stream(extents).mapToObj(extent -> (int) extent).toList());
    float[] all = new float[shape.size()];
    int behind = 1;
    for (int other = axis + 1; other < extents.length; other++) {
      behind *= (int) extents[other];
    }
    int from = 0;
    for (int i = 0; i < call.inputs().size(); i++) {
      int own = extent(i, i + 1, axis);
      Tensor constant = isConstant(i) ? fitting(constant(i), shape, axis, own) : null;
      int row = own * behind;
      for (int to = from * behind, at = 0; constant != null && to < all.length; at += row) {
        System.arraycopy(constant.values(), at, all, to, row);
        to += shape.dimension(axis) * behind;
      }
      from += own;
    }
    return new Tensor(shape, all);
  }

  private static Tensor fitting(Tensor constant, Shape all, int axis, int own) {
    List<Integer> expected = new ArrayList<>(all.dimensions());
    expected.set(axis, own);
    if (!constant.shape().dimensions().equals(expected)) {
      throw new IllegalArgumentException(
          "expected a constant of "
              + new Shape(expected)
              + " for all images, found "
              + constant.shape());
    }
    return constant;
  }

  /** A constant, or what was multiplied by 0. */
  private boolean isConstant(int index) {
    return !call.isFlow(index)
        || call.imported()
            .node(call.flow(index).value())
            .filter(node -> node.operation().equals(new Operation.Scale(0)))
            .isPresent();
  }

  private Tensor constant(int index) {
    if (!call.isFlow(index)) {
      String name = call.inputs().get(index);
      return call.imported().constantFor(call.imported().ofEachImage(name).orElse(name));
    }
    long[] extents = call.flow(index).layout().extents(1);
    Shape shape = new Shape(Arrays.stream(extents).mapToObj(extent -> (int) extent).toList());
    return new Tensor(shape, new float[shape.size()]);
  }

  private static boolean isZeros(Tensor constant) {
    for (float value : constant.values()) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  /** Of these inputs together. */
  private int extent(int from, int to, int axis) {
    int all = 0;
    for (int i = from; i < to; i++) {
      all +=
          call.isFlow(i)
              ? OnnxLayout.extent(call.flow(i).layout().all().get(axis))
              : call.imported().constantFor(call.inputs().get(i)).shape().dimension(axis);
    }
    return all;
  }

  /** Values whose axes are the same but for one. */
  record Joined(List<String> values, OnnxLayout layout, int dimension) {}

  Joined joined(List<OnnxFlow> given, int axis) {
    if (given.stream().anyMatch(flow -> flow.layout().hasImages(axis))) {
      throw call.misfit("an axis of an image, not axis " + axis, given.get(0));
    }
    Joined direct = direct(given, axis);
    if (direct != null) {
      return direct;
    }
    boolean tokens = given.get(0).layout().rank() == 3;
    List<OnnxFlow> flows =
        given.stream()
            .map(flow -> tokens ? OnnxTokens.columns(call, flow, axis) : call.first(flow))
            .toList();
    Joined natural = direct(flows, axis);
    if (natural == null) {
      throw call.misfit("inputs that differ along axis " + axis + " only", flows.get(1));
    }
    return natural;
  }

  private Joined direct(List<OnnxFlow> flows, int axis) {
    int rank = flows.get(0).layout().rank();
    int dimension = -1;
    int extent = 0;
    for (OnnxFlow flow : flows) {
      Shape shape = call.shape(flow);
      if (flow.layout().rank() != rank || shape.rank() != call.shape(flows.get(0)).rank()) {
        return null;
      }
      List<OnnxLayout.Part> parts = flow.layout().all().get(axis);
      if (!parts.isEmpty()) {
        int own = parts.get(0).dimension();
        boolean whole = own >= 0 && flow.layout().isWhole(axis, own, shape);
        if (!whole || dimension >= 0 && dimension != own) {
          return null;
        }
        dimension = own;
      }
      extent += OnnxLayout.extent(parts);
      boolean same =
          flow.layout().with(axis, List.of()).equals(flows.get(0).layout().with(axis, List.of()));
      if (!same) {
        return null;
      }
    }
    List<OnnxLayout.Part> whole = OnnxLayout.whole(Math.max(0, dimension), extent);
    if (dimension < 0) {
      // All of extent 1 along it: side by side as channels, which they are groups of.
      dimension = 0;
      int channels = call.shape(flows.get(0)).dimension(0);
      boolean same =
          flows.stream().allMatch(flow -> call.shape(flow).equals(call.shape(flows.get(0))));
      if (!same) {
        return null;
      }
      whole = extent == 1 ? List.of() : List.of(new OnnxLayout.Part(0, channels, extent));
    }
    return new Joined(
        flows.stream().map(OnnxFlow::value).toList(),
        flows.get(0).layout().with(axis, whole),
        dimension);
  }
}
