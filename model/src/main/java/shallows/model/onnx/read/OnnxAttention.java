package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/**
 * Attention, however a file spells it: a product of two values, scaled, with constants added, a
 * softmax, and the product with a third value. What heads, rows, tokens and channels are follows
 * from the axes that the values have come by, not from the nodes that gave them these.
 */
final class OnnxAttention {
  private final OnnxCall call;

  OnnxAttention(OnnxCall call) {
    this.call = call;
  }

  /** A part of an axis of both operands, and what it is of the scores. */
  private record Shared(OnnxLayout.Part first, OnnxLayout.Part second) {
    boolean isImages() {
      return first.dimension() == OnnxLayout.BATCH;
    }

    /** Channels are heads; rows and columns are windows. */
    boolean isHead() {
      return first.dimension() == 0;
    }
  }

  /** The products of what two values have along their last axis and last axis but one. */
  void matMul() {
    OnnxScores scores = products(call.flow(0), call.flow(1));
    call.imported().define(call.output(), scores);
  }

  OnnxScores products(OnnxFlow first, OnnxFlow second) {
    int rank = first.layout().rank();
    if (rank < 3 || second.layout().rank() != rank) {
      throw call.misfit("two values with as many axes, three or more", second);
    }
    List<OnnxLayout.Part> channels = first.layout().all().get(rank - 1);
    List<OnnxLayout.Part> others = second.layout().all().get(rank - 2);
    if (OnnxLayout.extent(channels) != OnnxLayout.extent(others)
        || first.layout().hasImages(rank - 1)
        || second.layout().hasImages(rank - 2)) {
      throw call.misfit("a value that fits the first one", second);
    }
    List<List<Shared>> leading = new ArrayList<>();
    for (int axis = 0; axis < rank - 2; axis++) {
      leading.add(shared(first, second, axis));
    }
    List<Shared> heads = leading.stream().flatMap(List::stream).filter(Shared::isHead).toList();
    List<Shared> rows =
        leading.stream()
            .flatMap(List::stream)
            .filter(part -> !part.isHead() && !part.isImages())
            .toList();
    List<OnnxLayout.Part> queries = tokens(first, rank - 2);
    List<OnnxLayout.Part> keys = tokens(second, rank - 1);
    List<OnnxLayout.Part> ofRows = rows.stream().map(Shared::first).toList();
    OnnxFlow q =
        call.arranged(
            first, List.of(joined(heads.stream().map(Shared::first), channels), ofRows, queries));
    OnnxFlow k =
        call.arranged(
            second,
            List.of(
                joined(heads.stream().map(Shared::second), others),
                rows.stream().map(Shared::second).toList(),
                keys));
    Shape shape =
        Shape.of(
            OnnxLayout.extent(heads.stream().map(Shared::first).toList()),
            OnnxLayout.extent(ofRows),
            OnnxLayout.extent(queries),
            OnnxLayout.extent(keys));
    List<List<OnnxLayout.Part>> axes = new ArrayList<>();
    for (List<Shared> axis : leading) {
      List<OnnxLayout.Part> parts = new ArrayList<>();
      for (Shared part : axis) {
        OnnxLayout.append(
            parts,
            part.isImages()
                ? part.first()
                : part.isHead()
                    ? numbered(OnnxScores.HEADS, part, heads)
                    : numbered(OnnxScores.ROWS, part, rows));
      }
      axes.add(parts);
    }
    axes.add(OnnxLayout.whole(OnnxScores.QUERIES, shape.dimension(OnnxScores.QUERIES)));
    axes.add(OnnxLayout.whole(OnnxScores.KEYS, shape.dimension(OnnxScores.KEYS)));
    return new OnnxScores(q.value(), k.value(), shape, new OnnxLayout(axes), 1, List.of(), false);
  }

  private List<OnnxLayout.Part> tokens(OnnxFlow x, int axis) {
    if (x.layout().hasImages(axis)) {
      throw call.misfit("tokens of one image along axis " + axis, x);
    }
    return x.layout().all().get(axis);
  }

  private static List<OnnxLayout.Part> joined(
      Stream<OnnxLayout.Part> heads, List<OnnxLayout.Part> channels) {
    return Stream.concat(heads, channels.stream()).toList();
  }

  /** A part as one of a dimension that is made of all these, the last of which runs fastest. */
  private static OnnxLayout.Part numbered(int dimension, Shared part, List<Shared> all) {
    int step =
        all.subList(all.indexOf(part) + 1, all.size()).stream()
            .mapToInt(next -> next.first().extent())
            .reduce(1, (a, b) -> a * b);
    return new OnnxLayout.Part(dimension, step, part.first().extent());
  }

  /** The parts of an axis that both have. */
  private List<Shared> shared(OnnxFlow first, OnnxFlow second, int axis) {
    List<OnnxOneOrder.Both> pieces = new ArrayList<>();
    boolean same =
        OnnxOneOrder.cut(first.layout().all().get(axis), second.layout().all().get(axis), pieces);
    if (!same || pieces.stream().anyMatch(part -> part.one() == null || part.other() == null)) {
      throw call.misfit("a value whose axis " + axis + " is as that of the other", second);
    }
    return pieces.stream().map(part -> new Shared(part.one(), part.other())).toList();
  }

  static boolean isWhole(OnnxScores scores, int axis, int dimension) {
    return scores.layout().isWhole(axis, dimension, scores.shape());
  }

  /** Scores times values, or values times scores that are turned. */
  void weighed() {
    call.inputs(2, 2);
    boolean inFront = call.scores(0).isPresent();
    OnnxScores given = call.scores(inFront ? 0 : 1).orElseThrow();
    OnnxFlow values = call.flow(inFront ? 1 : 0);
    int rank = given.layout().rank();
    if (values.layout().rank() != rank || rank < 3) {
      throw call.misfit("a value with as many axes as the scores", values);
    }
    if (inFront) {
      emit(weighed(given, values));
    } else {
      Weighed turned = weighed(turned(given), values.withLayout(turned(values.layout())));
      emit(new Weighed(turned.operation(), turned.inputs(), turned(turned.layout())));
    }
  }

  private static OnnxScores turned(OnnxScores scores) {
    return scores.withLayout(turned(scores.layout()));
  }

  /** The last two axes in the other order. */
  static OnnxLayout turned(OnnxLayout layout) {
    List<Integer> order = new ArrayList<>();
    for (int axis = 0; axis < layout.rank(); axis++) {
      order.add(axis);
    }
    Collections.swap(order, layout.rank() - 2, layout.rank() - 1);
    return layout.transposed(order);
  }

  /** The operation that it all is. */
  record Weighed(Operation operation, List<String> inputs, OnnxLayout layout) {}

  void emit(Weighed weighed) {
    call.emit(weighed.operation(), weighed.layout(), weighed.inputs());
  }

  Weighed weighed(OnnxScores given, OnnxFlow values) {
    int rank = given.layout().rank();
    boolean swaps =
        !given.softmax()
            && isWhole(given, rank - 1, OnnxScores.QUERIES)
            && isWhole(given, rank - 2, OnnxScores.KEYS);
    OnnxScores scores = swaps ? given.swapped() : given;
    if (!isWhole(scores, rank - 1, OnnxScores.KEYS)
        || !isWhole(scores, rank - 2, OnnxScores.QUERIES)
        || OnnxLayout.extent(tokens(values, rank - 2))
            != scores.shape().dimension(OnnxScores.KEYS)) {
      throw call.misfit("values for all keys", values);
    }
    OnnxFlow weights = new OnnxFlow(scores.queries(), scores.layout());
    List<Shared> heads = new ArrayList<>();
    List<Shared> rows = new ArrayList<>();
    for (int axis = 0; axis < rank - 2; axis++) {
      for (Shared part : shared(weights, values, axis)) {
        if (!part.isImages()) {
          (part.isHead() ? heads : rows).add(part);
        }
      }
    }
    Comparator<Shared> slowestFirst =
        Comparator.comparing((Shared part) -> part.first().step()).reversed();
    heads.sort(slowestFirst);
    rows.sort(slowestFirst);
    List<OnnxLayout.Part> channels = tokens(values, rank - 1);
    OnnxFlow v =
        call.arranged(
            values,
            List.of(
                joined(heads.stream().map(Shared::second), channels),
                rows.stream().map(Shared::second).toList(),
                values.layout().all().get(rank - 2)));
    int size = OnnxLayout.extent(channels);
    List<List<OnnxLayout.Part>> axes = new ArrayList<>();
    for (List<OnnxLayout.Part> axis : scores.layout().all().subList(0, rank - 2)) {
      axes.add(
          axis.stream()
              .map(
                  part ->
                      part.dimension() == OnnxScores.HEADS
                          ? new OnnxLayout.Part(0, part.step() * size, part.extent())
                          : part)
              .toList());
    }
    axes.add(OnnxLayout.whole(2, scores.shape().dimension(OnnxScores.QUERIES)));
    axes.add(OnnxLayout.whole(0, size));
    List<String> inputs = new ArrayList<>(List.of(scores.queries(), scores.keys(), v.value()));
    for (OnnxScores.Bias bias : scores.biases()) {
      inputs.add(
          bias.name() != null
              ? bias.name()
              : call.derived("bias" + (inputs.size() - 3), bias.value()));
    }
    int count = scores.shape().dimension(OnnxScores.HEADS);
    Operation attention = new Operation.Attention(count, (float) scores.scale(), scores.softmax());
    return new Weighed(attention, inputs, new OnnxLayout(axes));
  }

  /** One of both products, its axes named by letters. */
  void einsum() {
    call.inputs(2, 2);
    OnnxContraction letters = OnnxContraction.of(call.attributes().text("equation", ""));
    if (!call.readsScores()) {
      OnnxFlow first = call.flow(0);
      OnnxFlow second = call.flow(1);
      requireRank(letters.first(), first.layout());
      requireRank(letters.second(), second.layout());
      OnnxScores scores =
          products(
              first.withLayout(first.layout().transposed(letters.firstOrder())),
              second.withLayout(second.layout().transposed(letters.secondOrder())));
      call.imported()
          .define(
              call.output(), scores.withLayout(scores.layout().transposed(letters.resultOrder())));
      return;
    }
    OnnxContraction asked = call.scores(0).isPresent() ? letters : letters.swapped();
    OnnxScores scores = call.scores(call.scores(0).isPresent() ? 0 : 1).orElseThrow();
    OnnxFlow values = call.flow(call.scores(0).isPresent() ? 1 : 0);
    requireRank(asked.first(), scores.layout());
    requireRank(asked.second(), values.layout());
    Weighed weighed =
        weighed(
            scores.withLayout(scores.layout().transposed(asked.firstOrder())),
            values.withLayout(values.layout().transposed(asked.secondOrder())));
    emit(
        new Weighed(
            weighed.operation(),
            weighed.inputs(),
            weighed.layout().transposed(asked.resultOrder())));
  }

  private static void requireRank(String letters, OnnxLayout layout) {
    if (letters.length() != layout.rank()) {
      throw new IllegalArgumentException(
          "expected a letter for each axis, found " + letters + " for " + layout.rank());
    }
  }
}
