package shallows.model.onnx.read;

import java.util.List;

/**
 * Attention as one operator of ONNX, from opset 23 on: of values {@code (N, heads, L, d)}, or
 * {@code (N, L, heads·d)} and a number of heads.
 */
final class OnnxAttentionOperator {
  private final OnnxCall call;

  OnnxAttentionOperator(OnnxCall call) {
    this.call = call;
  }

  void read() {
    call.inputs(3, 4);
    // In which precision a softmax is computed, and what a further output would be.
    call.attributes().integer("softmax_precision", 0);
    call.attributes().integer("qk_matmul_output_mode", 0);
    call.attributes().expect("is_causal", 0);
    if (call.attributes().number("softcap", 0) != 0) {
      throw new IllegalArgumentException("expected scores without a softcap");
    }
    boolean split = call.flow(0).layout().rank() == 4;
    int queryHeads = call.attributes().integer("q_num_heads", 0);
    int keyHeads = call.attributes().integer("kv_num_heads", queryHeads);
    OnnxFlow queries = heads(call.flow(0), queryHeads);
    OnnxFlow keys = heads(call.flow(1), keyHeads);
    OnnxFlow values = heads(call.flow(2), keyHeads);
    int size = OnnxLayout.extent(queries.layout().all().get(3));
    float scale = call.attributes().number("scale", Float.NaN);
    OnnxAttention attention = new OnnxAttention(call);
    OnnxScores scores =
        attention
            .products(queries, keys.withLayout(OnnxAttention.turned(keys.layout())))
            .scaled(Float.isNaN(scale) ? 1 / Math.sqrt(size) : scale);
    if (call.has(3)) {
      scores = new OnnxScoring(call).added(scores, call.constant(3), 1);
    }
    OnnxAttention.Weighed weighed = attention.weighed(scores.normalized(), values);
    OnnxLayout layout = weighed.layout();
    if (!split) {
      OnnxLayout tokens = layout.transposed(List.of(0, 2, 1, 3));
      long[] extents = tokens.extents(call.imported().images());
      layout = reshaped(tokens, List.of(extents[0], extents[1], extents[2] * extents[3]));
    }
    attention.emit(new OnnxAttention.Weighed(weighed.operation(), weighed.inputs(), layout));
  }

  private OnnxFlow heads(OnnxFlow x, int heads) {
    if (x.layout().rank() == 4) {
      return x;
    }
    long[] extents = call.imported().extents(x);
    if (extents.length != 3 || heads < 1 || extents[2] % heads != 0) {
      throw call.misfit("values (N, heads, L, d), or (N, L, d) of " + heads + " heads", x);
    }
    List<Long> split = List.of(extents[0], extents[1], (long) heads, extents[2] / heads);
    return x.withLayout(reshaped(x.layout(), split).transposed(List.of(0, 2, 1, 3)));
  }

  private OnnxLayout reshaped(OnnxLayout layout, List<Long> extents) {
    return layout
        .reshaped(extents, call.imported().images())
        .orElseThrow(() -> new IllegalArgumentException("expected axes that heads can be made of"));
  }
}
