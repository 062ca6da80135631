package shallows.pipeline.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.data.DataCheck;
import shallows.export.ExportManifest;
import shallows.export.ExportedFile;
import shallows.export.NetworkForm;
import shallows.export.answers.Answers;
import shallows.export.quantize.calibrate.LayerCost;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Verification;
import shallows.model.Expect;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.json.JsonFormat;
import shallows.model.json.OrNull;
import shallows.pipeline.folder.RunRecord;
import shallows.prune.plan.Family;
import shallows.prune.plan.Plan;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.loop.Epoch;

/**
 * {@code report.json}: the records that the stages of a run have written, side by side as they lie
 * in its folder, and of each network what it costs.
 *
 * @param data the images, as a person calls them
 * @param classes their names in the order of the labels
 * @param full the network as it was trained
 * @param pruned the network as it is shipped
 * @param run {@code run.json}, up to the verification
 * @param survival {@code train/survival.json}
 * @param training {@code train/history.csv}; empty where nothing was trained
 * @param fineTuning {@code prune/history.csv}; likewise
 * @param plan {@code prune/plan.json}
 * @param family {@code prune/family.json}; null where the network was cut to one size
 * @param export {@code export/export.json}
 * @param verification {@code verify/verify.json}
 * @param check what the images are like; null in reports of before it was made
 * @param sensitivity what 8 bits cost in each layer, by the file of scales in {@code export}, of
 *     the networks in which they cost more than they may; null in reports of before it was told
 */
public record Report(
    String data,
    List<String> classes,
    Network full,
    Network pruned,
    RunRecord run,
    SurvivalStatistics survival,
    List<Epoch> training,
    List<Epoch> fineTuning,
    Plan plan,
    @OrNull Family family,
    ExportManifest export,
    Verification verification,
    @OrNull DataCheck check,
    @OrNull Map<String, List<LayerCost>> sensitivity) {
  public static final JsonFormat<Report> FORMAT =
      new JsonFormat<>(Report.class, "a report", "write it again with ./shallows report");

  public Report {
    Expect.text("data", data);
    classes = Expect.list("classes", classes);
    Expect.present("full", full);
    Expect.present("pruned", pruned);
    training = Expect.list("training", training);
    fineTuning = Expect.list("fineTuning", fineTuning);
    Expect.present("verification.prunedAccuracy", verification.prunedAccuracy());
    for (Answers each : verification.answers()) {
      int found = each.classes().size();
      Expect.require(
          found == classes.size(), "verification.answers", classes.size() + " classes", found);
    }
    for (ExportedFile file : export.files()) {
      boolean checked = verification.files().stream().anyMatch(c -> c.file().equals(file.file()));
      Expect.require(checked, "verification.files", "a check of " + file.file(), "none");
    }
    for (Family.Member member : family == null ? List.<Family.Member>of() : family.members()) {
      Expect.present("verification.family", verification.family().get(member.name()));
    }
  }

  /**
   * What a network costs whoever runs it.
   *
   * @param parameters how many weights
   * @param macs multiply-accumulates for one image
   * @param bytes of its fp32 ONNX file
   */
  public record Network(long parameters, long macs, long bytes) {
    public Network {
      Expect.atLeast(1, "parameters", parameters);
      Expect.atLeast(1, "macs", macs);
      Expect.atLeast(1, "bytes", bytes);
    }

    public static Network of(Graph graph, long bytes) {
      Cost cost = Cost.of(graph);
      return new Network(cost.parameters(), cost.macs(), bytes);
    }
  }

  /** How many images the weights were fitted to. */
  public int trainImages() {
    return images("training");
  }

  /** How many training images were kept from training, to confirm what pruning has chosen. */
  public int heldOutImages() {
    return images("held-out");
  }

  /** How many images the accuracies were measured on. */
  public int testImages() {
    return verification.images().count();
  }

  private int images(String part) {
    return run.images().containsKey(part) ? run.images().get(part).count() : 0;
  }

  /**
   * Whether the images had no labels, so that accuracy is agreement with the network as it came.
   */
  public boolean isUnlabelled() {
    return run.imported() != null && run.imported().isUnlabelled();
  }

  /** Whether there was anything to prune: VGG, say, has no residual blocks. */
  public boolean hasBlocks() {
    return !plan.blocks().isEmpty();
  }

  /** What was found of a file. */
  public FileCheck check(ExportedFile file) {
    return verification.file(file.file());
  }

  /** Whether a file holds the network that the run ships. */
  public boolean isPruned(ExportedFile file) {
    return file.network() == NetworkForm.PRUNED
        && (family == null || family.chosen().equals(file.member()));
  }

  /** {@code full}, {@code pruned}, or the name of another size of a family. */
  public String network(ExportedFile file) {
    return file.network() == NetworkForm.FULL ? "full" : isPruned(file) ? "pruned" : file.member();
  }

  /** The files of the pruned network that passed. */
  public List<ExportedFile> passing() {
    return export.files().stream().filter(file -> isPruned(file) && check(file).passed()).toList();
  }

  /** The one of these that has the fewest bytes. */
  public Optional<ExportedFile> smallestPassing() {
    return passing().stream().min(Comparator.comparingLong(ExportedFile::bytes));
  }
}
