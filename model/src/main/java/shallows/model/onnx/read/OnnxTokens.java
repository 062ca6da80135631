package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values whose own axes are put in another order, while those in the file stay what they are. */
final class OnnxTokens {
  private OnnxTokens() {}

  /**
   * A value whose own axes are these, with the axes that it had in the file.
   *
   * @param axes made of the parts of the layout, each of them once
   */
  static OnnxFlow rearranged(OnnxCall call, OnnxFlow x, List<List<OnnxLayout.Part>> axes) {
    String value = call.arranged(x, axes).value();
    Map<OnnxLayout.Part, OnnxLayout.Part> moved = new HashMap<>();
    for (int dimension = 0; dimension < axes.size(); dimension++) {
      int step = 1;
      List<OnnxLayout.Part> axis = axes.get(dimension);
      for (int i = axis.size() - 1; i >= 0; i--) {
        OnnxLayout.Part part = axis.get(i);
        moved.put(part, new OnnxLayout.Part(dimension, step, part.extent()));
        step *= part.extent();
      }
    }
    List<List<OnnxLayout.Part>> all = new ArrayList<>();
    for (List<OnnxLayout.Part> axis : x.layout().all()) {
      List<OnnxLayout.Part> parts = new ArrayList<>();
      axis.forEach(part -> OnnxLayout.append(parts, moved.getOrDefault(part, part)));
      all.add(parts);
    }
    return new OnnxFlow(value, new OnnxLayout(all));
  }

  /** A value whose channels are this axis of the file, and whose columns are all others. */
  static OnnxFlow withChannels(OnnxCall call, OnnxFlow x, int axis) {
    OnnxLayout layout = x.layout();
    if (call.shape(x).rank() == 3 && layout.isWhole(axis, 0, call.shape(x))) {
      return x;
    }
    if (layout.hasImages(axis)) {
      throw call.misfit("numbers of one image along axis " + axis, x);
    }
    List<OnnxLayout.Part> others = others(x, List.of(axis));
    return rearranged(call, x, List.of(layout.all().get(axis), List.of(), others));
  }

  /**
   * A value whose rows are these axes of the file, none of which has images. Its channels are what
   * is left of those that it had, as heads are where these axes are what a head has; its columns
   * are all else.
   */
  static OnnxFlow withRows(OnnxCall call, OnnxFlow x, List<Integer> axes) {
    List<OnnxLayout.Part> rows =
        axes.stream().flatMap(axis -> x.layout().all().get(axis).stream()).toList();
    Map<Boolean, List<OnnxLayout.Part>> others =
        others(x, axes).stream().collect(Collectors.partitioningBy(part -> part.dimension() == 0));
    return rearranged(call, x, List.of(others.get(true), rows, others.get(false)));
  }

  /** A value whose columns are this axis of the file, and whose channels are all others. */
  static OnnxFlow columns(OnnxCall call, OnnxFlow x, int axis) {
    List<OnnxLayout.Part> others = others(x, List.of(axis));
    return rearranged(call, x, List.of(others, List.of(), x.layout().all().get(axis)));
  }

  /** Of all axes but these, without the images. */
  private static List<OnnxLayout.Part> others(OnnxFlow x, List<Integer> axes) {
    List<OnnxLayout.Part> others = new ArrayList<>();
    for (int other = 0; other < x.layout().rank(); other++) {
      if (!axes.contains(other)) {
        x.layout().all().get(other).stream()
            .filter(part -> part.dimension() != OnnxLayout.BATCH)
            .forEach(others::add);
      }
    }
    return others;
  }
}
