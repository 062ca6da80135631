package shallows.prune.plan;

import java.nio.file.Path;
import shallows.model.BadInputException;
import shallows.model.json.JsonFormat;

/** Plans as JSON, indented for people. */
public final class PlanFile {
  private static final JsonFormat<Plan> JSON =
      new JsonFormat<>(Plan.class, "a plan", "mend it, or prune the run again");

  private PlanFile() {}

  public static void write(Plan plan, Path file) {
    JSON.write(plan, file);
  }

  /**
   * @throws BadInputException when the file is missing, is no JSON or is no plan
   */
  public static Plan read(Path file) {
    return JSON.read(file);
  }
}
