package shallows.pipeline.stage;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.prune.form.Refit;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Form;
import shallows.prune.search.FormMeter;
import shallows.prune.search.FormPrice;
import shallows.train.jobs.Job;
import shallows.train.jobs.Jobs;

/**
 * What forms of some neighbouring blocks cost, each alone.
 *
 * @param version of the program, with its checksum
 * @param original digits of the network that is made smaller
 * @param current digits of what was made of it by now
 * @param forms that it was made with, by block
 * @param images digits of the images
 * @param blocks names, neighbours
 * @param menu of forms, in the order of their kinds
 */
record FormsJob(
    String version,
    String original,
    String current,
    Map<String, Form> forms,
    String images,
    List<String> blocks,
    List<Decision> menu)
    implements Job<FormsJob.Found> {
  private static final long serialVersionUID = 1;

  /**
   * What came of it.
   *
   * @param prices of each form of each block
   */
  record Found(List<Price> prices) {}

  /**
   * A {@link FormPrice}.
   *
   * @param divergence in nats, as the bits of a double: answers may be no numbers
   */
  record Price(String block, Form form, Cost cost, long divergence) {
    static Price of(FormPrice price) {
      return new Price(
          price.block(), price.form(), price.cost(), Double.doubleToLongBits(price.divergence()));
    }

    FormPrice price() {
      return new FormPrice(block, form, cost, null, Double.longBitsToDouble(divergence));
    }
  }

  FormsJob {
    forms = new TreeMap<>(forms);
    blocks = List.copyOf(blocks);
    menu = menu.stream().sorted().toList();
  }

  @Override
  public String name() {
    return "forms-"
        + StageJobs.digits(version + original + current + forms + images + blocks + menu);
  }

  @Override
  public Class<Found> resultType() {
    return Found.class;
  }

  @Override
  public Found run(Jobs jobs) {
    Graph network = StageJobs.network(jobs, original);
    Graph made = original.equals(current) ? network : StageJobs.network(jobs, current);
    JobImages.Opened opened = StageJobs.images(jobs, images);
    Refit refit = new Refit(network, opened.estimating(), jobs.compute());
    FormMeter meter = new FormMeter(refit, opened.measuring(), Set.copyOf(menu));
    return new Found(
        meter.measure(made, forms, Set.copyOf(blocks)).stream().map(Price::of).toList());
  }
}
