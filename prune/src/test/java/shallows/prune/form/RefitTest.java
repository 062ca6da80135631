package shallows.prune.form;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import shallows.data.DataOptions;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.data.sets.DataSets;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.prune.SmallNetwork;
import shallows.prune.plan.Form;
import shallows.train.inference.PairedNetworks;
import shallows.train.inference.VariantPredictions;

class RefitTest {
  /** Share of the range of the answers: sums of floats in another order. */
  private static final double ROUNDING = 1e-5;

  private static final LabelledImages IMAGES =
      DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT)
          .train()
          .subset(0, 150);

  @ParameterizedTest
  @EnumSource(BlockKinds.class)
  void everyKindOfBlockBecomesNarrowAndStaysNearerThanWithoutItsBranch(BlockKinds kind) {
    Graph full = kind.network();
    Graph narrow = all(full, Form.narrow(0.5));
    assertEquals(full.blocks().size(), narrow.blocks().size());
    assertTrue(Cost.of(narrow).macs() < 0.7 * Cost.of(full).macs(), kind.name());
    assertTrue(distance(full, narrow) < distance(full, all(full, Form.DROP)) / 2, kind.name());
    for (Block block : full.blocks()) {
      assertEquals(full.shape(block.sum()), narrow.shape(block.sum()));
    }
  }

  @ParameterizedTest
  @EnumSource(BlockKinds.class)
  void aConvolutionInThePlaceOfTheBranchIsNearerThanNothing(BlockKinds kind) {
    Graph full = kind.network();
    Map<Form, Graph> first = new HashMap<>();
    refit(full)
        .options(
            full,
            Map.of(),
            names(full),
            List.of(),
            option -> first.putIfAbsent(option.form(), option.graph()),
            Progress.SILENT);
    // A layer of DenseNet gives fewer channels than it reads.
    assertEquals(
        kind == BlockKinds.DENSE
            ? Set.of(Form.LINEAR, Form.DROP)
            : Set.of(Form.LINEAR, Form.SCALE, Form.DROP),
        first.keySet());
    Graph linear = first.get(Form.LINEAR);
    assertTrue(Cost.of(linear).macs() < Cost.of(full).macs(), kind.name());
    assertTrue(distance(full, linear) < distance(full, first.get(Form.DROP)), kind.name());
  }

  /**
   * Its first convolution and activation hand on what comes, the second multiplies each channel.
   */
  @Test
  void aBranchThatIsAFactorAChannelIsFoundToBeOne() {
    Graph plain = BlockKinds.BASIC.network();
    Map<String, Tensor> parameters = new HashMap<>();
    for (int layer = 1; layer <= 2; layer++) {
      Tensor weight = plain.parameter("block1/" + layer + "/weight");
      float[] diagonal = new float[weight.size()];
      for (int c = 0; c < 16; c++) {
        diagonal[(c * 16 + c) * 9 + 4] = layer == 1 ? 1 : 0.1f * (c - 5);
      }
      parameters.put("block1/" + layer + "/weight", new Tensor(weight.shape(), diagonal));
    }
    String norm = "block1/1/norm/";
    for (String name : List.of("scale", "bias", "mean", "variance")) {
      float[] values = new float[16];
      Arrays.fill(values, name.equals("scale") || name.equals("variance") ? 1 : 0);
      parameters.put(norm + name, Tensor.vector(values));
    }
    Graph full = plain.withParameters(parameters);
    Graph scaled =
        refit(full).apply(Map.of(full.blocks().get(0).name(), Form.SCALE), Progress.SILENT);
    Predictions expected = answers(full, IMAGES);
    assertTrue(
        expected.maxAbsDifference(answers(scaled, IMAGES))
            <= 2 * LayerFit.RIDGE * expected.range());
    assertTrue(Cost.of(scaled).macs() < Cost.of(full).macs());
  }

  /** One block gives nothing; without it all others are fitted, and lack nothing. */
  @Test
  void whereNothingIsLackingEveryLayerStaysAsItWas() {
    SmallNetwork small = SmallNetwork.trained();
    Refit refit =
        new Refit(small.full(), PairedNetworks.sample(small.train()), SmallNetwork.COMPUTE);
    Graph without = refit.apply(Map.of("stage3/block02", Form.DROP), Progress.SILENT);
    Predictions expected = answers(small.full(), small.heldOut());
    Predictions found = answers(without, small.heldOut());
    assertTrue(expected.maxAbsDifference(found) <= ROUNDING * expected.range());
    assertSame(small.full(), refit.apply(Map.of(), Progress.SILENT));
  }

  @Test
  void appliedTwiceItIsAppliedOnce() {
    Graph full = BlockKinds.BOTTLENECK.network();
    Map<String, Form> forms = new HashMap<>();
    forms.put(full.blocks().get(0).name(), Form.narrow(0.5));
    forms.put(full.blocks().get(1).name(), Form.SCALE);
    Graph once = refit(full).apply(forms, Progress.SILENT);
    byte[] bytes = OnnxWriter.bytes(once);
    Graph read = OnnxReader.read(bytes, "once");
    assertArrayEquals(bytes, OnnxWriter.bytes(refit(read).apply(forms, Progress.SILENT)));
    forms.put(full.blocks().get(0).name(), Form.narrow(0.25));
    BadInputException refused =
        assertThrows(BadInputException.class, () -> refit(read).apply(forms, Progress.SILENT));
    assertTrue(refused.getMessage().contains("narrow:0.5"), refused.getMessage());
  }

  /**
   * What it lost by the first search is lost; its plan is told by the network that it came from.
   */
  @Test
  void whatWasFittedBeforeIsOfferedNothingElse() {
    Graph full = BlockKinds.BASIC.network();
    List<String> blocks = full.blocks().stream().map(Block::name).toList();
    for (Form form : List.of(Form.LINEAR, Form.narrow(0.5))) {
      Graph once = refit(full).apply(Map.of(blocks.get(0), form), Progress.SILENT);
      Graph read = OnnxReader.read(OnnxWriter.bytes(once), "once");
      List<Refit.Option> options = new ArrayList<>();
      refit(read)
          .options(read, Map.of(), names(read), List.of(0.25), options::add, Progress.SILENT);
      Map<String, Set<Form>> offered =
          options.stream()
              .collect(
                  Collectors.groupingBy(
                      option -> option.block().name(),
                      Collectors.mapping(Refit.Option::form, Collectors.toSet())));
      assertEquals(Set.of(Form.DROP), offered.get(blocks.get(0)));
      assertTrue(offered.get(blocks.get(1)).contains(Form.narrow(0.25)));
      for (Refit.Option option : options) {
        refit(read).apply(Map.of(option.block().name(), option.form()), Progress.SILENT);
      }
    }
  }

  /** All rows of the normal equations are the same but for what padding makes of them. */
  @Test
  void tenImagesOfOneColourDo() {
    LabelledImages few = IMAGES.subset(new int[10]);
    Graph full = BlockKinds.BASIC.network();
    for (Form form : List.of(Form.narrow(0.5), Form.LINEAR, Form.SCALE, Form.DROP)) {
      Map<String, Form> forms = Map.of(full.blocks().get(0).name(), form);
      Graph made =
          new Refit(full, PairedNetworks.sample(few), SmallNetwork.COMPUTE)
              .apply(forms, Progress.SILENT);
      for (float[] row : answers(made, IMAGES).scores()) {
        for (float score : row) {
          assertTrue(Float.isFinite(score));
        }
      }
    }
  }

  /** As exporters write biases that are equal. */
  @Test
  void aVectorThatSeveralLayersShareTiesThemToNothing() {
    Graph own = BlockKinds.BOTTLENECK.network();
    Map<String, String> shared = new HashMap<>();
    own.parameters()
        .forEach(
            (name, value) -> {
              if (name.endsWith("/norm/bias") && value.size() == 16) {
                shared.put(name, "block1/3/norm/bias");
              }
            });
    Map<String, Tensor> parameters = new HashMap<>(own.parameters());
    parameters.keySet().removeIf(name -> !shared.getOrDefault(name, name).equals(name));
    Graph full =
        new Graph(
            own.name(),
            own.input(),
            own.nodes().stream()
                .map(
                    node ->
                        node.withInputs(
                            node.inputs().stream()
                                .map(name -> shared.getOrDefault(name, name))
                                .toList()))
                .toList(),
            own.output(),
            parameters,
            own.blocks(),
            own.task(),
            own.metadata());
    Graph narrow = all(full, Form.narrow(0.5));
    assertTrue(Cost.of(narrow).macs() < 0.7 * Cost.of(full).macs());
    assertTrue(distance(full, narrow) < distance(full, all(full, Form.DROP)) / 2);
  }

  /** A fitted width gives fewer errors than the same width as it is cut. */
  @Test
  void fittingIsBetterThanCutting() {
    Graph full = BlockKinds.BASIC.network();
    double cut = distance(full, ChannelPruning.keep(full, 0.5));
    assertTrue(distance(full, all(full, Form.narrow(0.5))) < cut / 2);
  }

  /** Whatever the blocks before it have become. */
  @ParameterizedTest
  @EnumSource(BlockKinds.class)
  void offersFormsBehindEachForm(BlockKinds kind) {
    Graph full = kind.network();
    String changed = full.blocks().get(0).name();
    Map<String, Set<Form>> first = offered(full, full, Map.of());
    for (Form form : first.get(changed)) {
      Map<String, Form> forms = Map.of(changed, form);
      Graph current = refit(full).apply(forms, Progress.SILENT);
      Map<String, Set<Form>> then = offered(full, current, forms);
      // The others are offered what they were, and the block no less than to go.
      for (Block block : full.blocks().subList(1, full.blocks().size())) {
        assertEquals(first.get(block.name()), then.get(block.name()), kind + ", " + form);
      }
      Set<Form> own = then.getOrDefault(changed, Set.of());
      assertEquals(!form.equals(Form.DROP), own.contains(Form.DROP), kind + ", " + form);
      assertFalse(own.contains(form), kind + ", " + form);
    }
  }

  private static Map<String, Set<Form>> offered(
      Graph full, Graph current, Map<String, Form> forms) {
    Map<String, Set<Form>> offered = new HashMap<>();
    refit(full)
        .options(
            current,
            forms,
            names(full),
            List.of(0.5),
            option ->
                offered
                    .computeIfAbsent(option.block().name(), name -> new HashSet<>())
                    .add(option.form()),
            Progress.SILENT);
    return offered;
  }

  @Test
  void offersEachBlockItsNextForms() {
    Graph full = BlockKinds.BASIC.network();
    Map<String, Form> forms = Map.of(full.blocks().get(0).name(), Form.narrow(0.5));
    Graph current = refit(full).apply(forms, Progress.SILENT);
    List<Refit.Option> options = new ArrayList<>();
    refit(full)
        .options(
            current, forms, names(full), List.of(0.75, 0.5, 0.25), options::add, Progress.SILENT);
    assertEquals(
        List.of(Form.DROP, Form.SCALE, Form.LINEAR, Form.narrow(0.25)),
        options.stream()
            .filter(option -> option.block().name().equals(full.blocks().get(0).name()))
            .map(Refit.Option::form)
            .toList());
    assertEquals(10, options.size());
    for (Refit.Option option : options) {
      assertTrue(Cost.of(option.graph()).macs() < Cost.of(current).macs());
    }
  }

  @Test
  void refusesABlockWithoutChannelsOfItsOwnAndSaysWhy() {
    Graph full = ChannelPruning.keep(BlockKinds.BASIC.network(), 0.01);
    BadInputException refused =
        assertThrows(BadInputException.class, () -> all(full, Form.narrow(0.5)));
    assertTrue(refused.getMessage().contains("has no channels of its own"), refused.getMessage());
  }

  private static Set<String> names(Graph graph) {
    return graph.blocks().stream().map(Block::name).collect(Collectors.toSet());
  }

  private static Refit refit(Graph full) {
    return new Refit(full, PairedNetworks.sample(IMAGES), SmallNetwork.COMPUTE);
  }

  private static Graph all(Graph full, Form form) {
    Map<String, Form> forms = new HashMap<>();
    full.blocks().forEach(block -> forms.put(block.name(), form));
    return refit(full).apply(forms, Progress.SILENT);
  }

  private static double distance(Graph full, Graph other) {
    return answers(other, IMAGES).klDivergence(answers(full, IMAGES));
  }

  private static Predictions answers(Graph graph, LabelledImages images) {
    return VariantPredictions.of(
            graph, List.of(graph), images, SmallNetwork.COMPUTE, Progress.SILENT)
        .get(0);
  }
}
