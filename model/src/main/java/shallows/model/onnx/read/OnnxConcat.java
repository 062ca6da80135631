package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Values side by side along an axis, some of them perhaps zeros. */
final class OnnxConcat {
  private final OnnxCall call;

  OnnxConcat(OnnxCall call) {
    this.call = call;
  }

  void concat() {
    int count = call.inputs(1, Integer.MAX_VALUE).size();
    int[] computed = IntStream.range(0, count).filter(i -> !isZeros(i)).toArray();
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
    int before = zeros(0, first, axis);
    int behind = zeros(last + 1, count, axis);
    List<OnnxFlow> flows = Arrays.stream(computed).mapToObj(call::flow).toList();
    if (flows.size() == 1 && before + behind == 0) {
      call.alias(flows.get(0));
    } else if (before + behind == 0) {
      Joined joined = joined(flows, axis);
      if (joined.dimension() == 0) {
        call.emit(new Operation.Concat(), joined.layout(), joined.values());
        return;
      }
      // Side by side along another axis, which the channels change places with.
      List<Integer> swapped = new ArrayList<>(List.of(0, 1, 2, 3));
      swapped.set(1, joined.dimension() + 1);
      swapped.set(joined.dimension() + 1, 1);
      List<String> turned = new ArrayList<>();
      for (OnnxFlow flow : flows) {
        OnnxFlow x = call.first(flow);
        turned.add(call.first(x.withLayout(x.layout().transposed(swapped))).value());
      }
      String name = call.imported().add(call.output() + "/joined", new Operation.Concat(), turned);
      OnnxFlow all = new OnnxFlow(name, OnnxLayout.first(call.imported().shape(name)));
      call.rename(call.first(all.withLayout(all.layout().transposed(swapped))));
    } else {
      Joined joined = joined(flows, axis);
      if (joined.dimension() != 0 || call.shape(flows.get(0)).rank() != 3) {
        throw call.misfit("zeros beside channels, not along axis " + axis, flows.get(0));
      }
      OnnxFlow x = new OnnxFlow(joined.values().get(0), joined.layout());
      if (flows.size() > 1) {
        String name =
            call.imported().add(call.output() + "/parts", new Operation.Concat(), joined.values());
        x = new OnnxFlow(name, joined.layout());
      }
      int channels = before + call.shape(x).dimension(0) + behind;
      call.emit(
          new Operation.PadChannels(before, behind),
          x.layout().with(axis, OnnxLayout.whole(0, channels)),
          List.of(x.value()));
    }
  }

  /** A constant of zeros, or what was multiplied by 0. */
  private boolean isZeros(int index) {
    if (!call.isFlow(index)) {
      Tensor constant = call.imported().constantFor(call.inputs().get(index));
      for (float value : constant.values()) {
        if (value != 0) {
          throw new IllegalArgumentException("expected zeros beside computed values");
        }
      }
      return true;
    }
    return call.imported()
        .node(call.flow(index).value())
        .filter(node -> node.operation().equals(new Operation.Scale(0)))
        .isPresent();
  }

  private int zeros(int from, int to, int axis) {
    int all = 0;
    for (int i = from; i < to; i++) {
      all +=
          call.isFlow(i)
              ? call.flow(i).layout().extents().get(axis - 1)
              : call.imported().constantFor(call.inputs().get(i)).shape().dimension(axis);
    }
    return all;
  }

  /** Values whose axes are the same but for one. */
  record Joined(List<String> values, OnnxLayout layout, int dimension) {}

  Joined joined(List<OnnxFlow> given, int axis) {
    if (axis == 0) {
      throw call.misfit("an axis of an image, not axis 0", given.get(0));
    }
    Joined direct = direct(given, axis);
    if (direct != null) {
      return direct;
    }
    List<OnnxFlow> flows = given.stream().map(call::first).toList();
    if (given.get(0).layout().rank() == 3) {
      throw call.misfit("inputs with axes of one order", given.get(1));
    }
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
      List<OnnxLayout.Part> parts = flow.layout().axes().get(axis - 1);
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
