package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import shallows.model.graph.Operation;

/** Values that a file has several times along an axis. */
final class OnnxRepeats {
  /** Copies of a grey image as three channels, or of a vector at each position, are far fewer. */
  private static final int MOST_COPIES = 256;

  private OnnxRepeats() {}

  /** A value that holds all copies, first of the axis that the file has in front. */
  static OnnxFlow copied(OnnxCall call, OnnxFlow given) {
    OnnxLayout layout = given.layout();
    int[] copies = new int[layout.rank()];
    for (int axis = 0; axis < copies.length; axis++) {
      List<OnnxLayout.Part> parts = layout.all().get(axis);
      int own = 0;
      while (own < parts.size() && parts.get(own).dimension() == OnnxLayout.REPEATED) {
        own++;
      }
      copies[axis] = OnnxLayout.extent(parts.subList(0, own));
      layout = layout.with(axis, parts.subList(own, parts.size()));
    }
    if (layout.repeats() || Arrays.stream(copies).anyMatch(count -> count > MOST_COPIES)) {
      throw call.misfit("whole copies of axes, at most " + MOST_COPIES, given);
    }
    OnnxFlow x = given.withLayout(layout);
    for (int axis = 0; axis < copies.length; axis++) {
      if (copies[axis] > 1) {
        x = copied(call, x, axis, copies[axis]);
      }
    }
    return x;
  }

  /** Side by side as groups of channels, which are dealt out again where the axis is another. */
  private static OnnxFlow copied(OnnxCall call, OnnxFlow x, int axis, int copies) {
    List<OnnxLayout.Part> parts = new ArrayList<>(x.layout().all().get(axis));
    parts.add(0, new OnnxLayout.Part(0, call.shape(x).dimension(0), copies));
    OnnxLayout layout = x.layout().with(axis, OnnxLayout.merged(parts));
    String name =
        call.imported()
            .add(
                call.outputs().get(0) + "/copies",
                new Operation.Concat(),
                Collections.nCopies(copies, x.value()));
    OnnxFlow all = new OnnxFlow(name, layout);
    // At once, since TFLite turns few axes at a time.
    boolean dealt = layout.rank() == 4 && layout.isInFront();
    return dealt && !layout.isOfWholeAxes(call.shape(all)) ? call.first(all) : all;
  }
}
