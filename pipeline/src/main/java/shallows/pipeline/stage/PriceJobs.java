package shallows.pipeline.stage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.pipeline.folder.Versions;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Form;
import shallows.prune.search.BlockPrices;
import shallows.prune.search.FormMeter;
import shallows.prune.search.FormPrice;

/**
 * Prices of a pruning by jobs of neighbouring blocks. What would be one job is left to whoever
 * prunes: nothing is gained by giving it away.
 */
final class PriceJobs implements BlockPrices {
  /**
   * That a job tries where blocks get other forms: beside them it takes both networks through all
   * images that are fitted on, about twice as many as it tries forms on, of a large network more.
   */
  private static final double NETWORKS_OF_FORMS = 24;

  private final StageJobs jobs;

  /** That of the last round of forms, which is that of all rounds, and what jobs find it by. */
  private Graph original;

  private String full;

  PriceJobs(StageJobs jobs) {
    this.jobs = jobs;
  }

  @Override
  public Optional<List<Answers>> ofCuts(Graph current, List<Block> blocks, Decision decision) {
    List<Block> inOrder = current.blocks().stream().filter(blocks::contains).toList();
    List<List<Block>> groups = BlockGroups.of(current, inOrder, 1, BlockGroups.NETWORKS);
    if (groups.size() < 2) {
      return Optional.empty();
    }
    String network = jobs.put(current);
    String images = jobs.put(JobImages.Use.CUTS);
    List<CutsJob> list = new ArrayList<>();
    for (List<Block> group : groups) {
      list.add(new CutsJob(Versions.program(), network, images, names(group), decision));
    }
    Map<Block, Answers> answers = new HashMap<>();
    List<CutsJob.Found> found = jobs.results(list, () -> {});
    for (int g = 0; g < groups.size(); g++) {
      for (int b = 0; b < groups.get(g).size(); b++) {
        answers.put(groups.get(g).get(b), found.get(g).cuts().get(b).answers());
      }
    }
    jobs.remove(network);
    return Optional.of(blocks.stream().map(answers::get).toList());
  }

  @Override
  public Optional<List<FormPrice>> ofForms(
      Graph whole, Graph current, Map<String, Form> forms, Set<String> blocks, Set<Decision> menu) {
    List<Block> inOrder =
        current.blocks().stream().filter(block -> blocks.contains(block.name())).toList();
    List<List<Block>> groups =
        BlockGroups.of(current, inOrder, FormMeter.most(menu), NETWORKS_OF_FORMS);
    if (groups.size() < 2) {
      return Optional.empty();
    }
    if (original != whole) {
      full = jobs.put(whole);
      original = whole;
    }
    String made = current == whole ? full : jobs.put(current);
    String images = jobs.put(JobImages.Use.FORMS);
    List<FormsJob> list = new ArrayList<>();
    for (List<Block> group : groups) {
      list.add(
          new FormsJob(
              Versions.program(), full, made, forms, images, names(group), List.copyOf(menu)));
    }
    List<FormPrice> prices =
        jobs.results(list, () -> {}).stream()
            .flatMap(found -> found.prices().stream())
            .map(FormsJob.Price::price)
            .toList();
    if (!made.equals(full)) {
      jobs.remove(made);
    }
    return Optional.of(prices);
  }

  private static List<String> names(List<Block> blocks) {
    return blocks.stream().map(Block::name).toList();
  }
}
