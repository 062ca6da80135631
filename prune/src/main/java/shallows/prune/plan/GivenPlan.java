package shallows.prune.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import shallows.model.BadInputException;
import shallows.model.UnexpectedValueException;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.json.Excerpt;
import shallows.model.json.JsonFormat;
import shallows.model.json.OrNull;

/**
 * A plan that somebody gives, perhaps a {@code plan.json} that they have edited: only its decisions
 * count.
 *
 * @param blocks at least those that do not stay as they are
 * @param curve of the way there, where it has one
 * @param fitted whether layers are to be fitted in closed form where blocks are but dropped; null
 *     where it does not say
 */
@Excerpt
public record GivenPlan(List<Row> blocks, @OrNull List<PlanStep> curve, @OrNull Boolean fitted) {
  private static final JsonFormat<GivenPlan> JSON =
      new JsonFormat<>(GivenPlan.class, "a plan", "mend it, or prune the run again");

  /**
   * @param name of the block
   * @param width of a narrow block, perhaps a binary one, the share of its inner channels that
   *     stays; else null
   */
  @Excerpt
  public record Row(String name, Decision decision, @OrNull Double width) {
    public Row {
      if (!Form.isOne(decision, width)) {
        throw new UnexpectedValueException(
            "width",
            "between 0 and 1 of a narrow block, perhaps of a binary one, and none of another",
            width == null ? "none" : width,
            "give the share of its inner channels that stays");
      }
    }

    /** Of a block that does not become narrow. */
    public Row(String name, Decision decision) {
      this(name, decision, null);
    }
  }

  public GivenPlan {
    blocks = List.copyOf(blocks);
    curve = curve == null ? List.of() : List.copyOf(curve);
    if (blocks.stream().map(Row::name).distinct().count() < blocks.size()) {
      throw new UnexpectedValueException("blocks", "different names", "one twice");
    }
  }

  /**
   * @throws BadInputException when the file is missing, is no JSON or is no plan
   */
  public static GivenPlan read(Path file) {
    return JSON.read(file);
  }

  /** What each block that it names becomes. */
  public Map<String, Form> forms() {
    Map<String, Form> forms = new TreeMap<>();
    blocks.forEach(block -> forms.put(block.name(), new Form(block.decision(), block.width())));
    return forms;
  }

  /** Of the narrow blocks, by name. */
  public Map<String, Double> widths() {
    Map<String, Double> widths = new TreeMap<>();
    blocks.stream()
        .filter(block -> block.width() != null)
        .forEach(block -> widths.put(block.name(), block.width()));
    return widths;
  }

  /** Why each block of a network is as this plan has it. */
  public Map<String, List<Reason>> reasons(Graph full) {
    Map<String, List<Reason>> reasons = new TreeMap<>();
    for (Block block : full.blocks()) {
      boolean named = blocks.stream().anyMatch(row -> row.name().equals(block.name()));
      reasons.put(block.name(), List.of(new Reason.Given(named)));
    }
    return reasons;
  }

  /** By block name. */
  public Map<String, Decision> decisions() {
    Map<String, Decision> decisions = new TreeMap<>();
    blocks.forEach(block -> decisions.put(block.name(), block.decision()));
    return decisions;
  }
}
