package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import shallows.data.DataCheck;
import shallows.data.evaluation.AccuracyLoss;
import shallows.export.ExportManifest;
import shallows.export.ExportSettings;
import shallows.export.quantize.calibrate.LayerCost;
import shallows.export.verify.Verification;
import shallows.pipeline.folder.ImagePart;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.report.ReportContent.Provenance;
import shallows.pipeline.report.SampleExports.Checked;
import shallows.prune.plan.BlockDecision;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Family;
import shallows.prune.plan.Plan;
import shallows.prune.plan.PlanStep;
import shallows.prune.plan.PlanSummary;
import shallows.prune.plan.Reason;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.evidence.SurvivalStatistics.BlockStatistics;
import shallows.train.loop.Epoch;
import shallows.train.loop.TrainingEnd;
import shallows.train.loop.TrainingPhase;

/**
 * A made-up run of the usual size and shape: 15 blocks of which 6 are dropped and 2 binarized, 5
 * exports of which one is rejected. A test changes what it is about. Long, as every record of a
 * report is made up here once.
 */
final class SampleRun {
  static final List<String> CLASSES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private static final double[] EFFECT = {
    0.0912, 0.0341, 0.0187, 0.0044, 0.0221, 0.0713, 0.0102, 0.0019, -0.0008, 0.0051, 0.0824, 0.0263,
    0.0121, 0.0012, -0.0016
  };
  private static final double[] LEAVE_ONE_OUT = {
    0.1204, 0.0272, 0.0321, 0.0031, 0.0198, 0.0951, 0.0184, 0.0062, 0.0004, 0.0037, 0.1122, 0.0301,
    0.0044, -0.0013, 0.0009
  };
  private static final String DECISIONS = "kkkdkkkddbkbddd";

  String data = "fashion-mnist-mini";
  List<String> classes = CLASSES;
  int testImages = 2_000;
  double maxDrop = 1;

  /** A letter a block: kept, dropped, binarized, narrow, linear or scaled. */
  String decisions = DECISIONS;

  /** Of the full network. */
  double accuracy = 0.8845;

  Double originalAccuracy;
  ImportSettings imported;
  SurvivalStatistics survival = survival();
  List<Epoch> training = training();
  List<Epoch> fineTuning =
      List.of(
          epoch(1, 0.352, 0.327, 0.8858, 9.1),
          epoch(2, 0.331, 0.319, 0.8892, 18.1),
          epoch(3, 0.322, 0.316, 0.89, 27.3));
  List<PlanStep> curve = curve();
  List<Checked> files = SampleExports.list();
  DataCheck check;
  Map<String, List<LayerCost>> sensitivity = Map.of();
  List<Sample> samples = SampleImages.of(CLASSES.size());

  /** How many confusions and changed images are listed of each network and file. */
  int listed = 2;

  /** Names of the sizes of a family, the chosen one last; empty for one network. */
  List<String> members = List.of();

  Report report() {
    List<Family.Member> sizes =
        members.stream().map(name -> new Family.Member(name, summary(), 7, 2, 6)).toList();
    Map<String, Double> tested = new LinkedHashMap<>();
    members.forEach(name -> tested.put(name, 0.8815));
    return new Report(
        data,
        classes,
        new Report.Network(464_154, 17_800_000, 1_873_412),
        new Report.Network(202_178, 10_720_000, 818_436),
        record(),
        survival,
        training,
        fineTuning,
        new Plan("resnet-32-s2", false, summary(), blocks(), curve, List.of(), List.of()),
        sizes.isEmpty() ? null : new Family(members.get(members.size() - 1), sizes),
        new ExportManifest(files.stream().map(Checked::file).toList()),
        new Verification(
            new Verification.Images(data + ", test", testImages),
            maxDrop,
            accuracy,
            new Verification.Ensemble(16, 0.882),
            0.8815,
            new Verification.LatencySettings(1, 20, 200),
            files.stream().map(Checked::check).toList(),
            tested,
            originalAccuracy,
            SampleAnswers.of(this, listed)),
        check,
        sensitivity);
  }

  ReportContent content() {
    return new ReportContent(
        report(),
        samples,
        pictures(),
        new Provenance(
            "Images: Fashion-MNIST by Zalando Research (MIT licence), 28\u00d728, a part of it.",
            "Linux amd64, Java 17",
            2,
            versions(),
            "runs/demo",
            "23 November 2026, 17:40"));
  }

  private Map<Integer, Picture> pictures() {
    Map<Integer, Picture> pictures = new LinkedHashMap<>();
    for (int i : ReportContent.pictured(report())) {
      Sample like = SampleImages.of(classes.size()).get(i % 12);
      pictures.put(i, new Picture(like.pixels(), like.height(), like.width(), like.channels()));
    }
    return pictures;
  }

  private RunRecord record() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("train", 251.3);
    seconds.put("prune", 64.8);
    seconds.put("export", 2.1);
    seconds.put("verify", 31.7);
    Map<String, ImagePart> images = new LinkedHashMap<>();
    images.put("training", new ImagePart(10_800, "aa"));
    images.put("held-out", new ImagePart(1_200, "bb"));
    images.put("test", new ImagePart(testImages, "cc"));
    return new RunRecord(
        1,
        "demo",
        "run --out runs/demo",
        TrainSettings.STANDARD.withSeed(42),
        PruneSettings.STANDARD,
        ExportSettings.STANDARD,
        seconds,
        images,
        Map.of(),
        List.of(),
        imported,
        null);
  }

  private static PlanSummary summary() {
    return new PlanSummary(
        "at most 1.00 points lost",
        818_436,
        "bytes of weights",
        10_720_000,
        null,
        null,
        0.8858,
        0.89,
        0.8908,
        new AccuracyLoss(20, 19, 1_200),
        new PlanSummary.Promise(1, 0.8, 3),
        "3 epochs",
        "sample held-out");
  }

  private static Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("Shallows", "0.1.0-SNAPSHOT");
    versions.put("DJL / PyTorch", "0.35.1 / 2.7.1");
    versions.put("ONNX Runtime", "1.29.0");
    versions.put("TFLite", "2.21.0");
    return versions;
  }

  private static String name(int block) {
    return String.format("stage%d/block%02d", block / 5 + 1, block % 5 + 1);
  }

  private static double survivalProbability(int block) {
    return Math.round(1000 * (1 - (block + 1) / 15.0 * 0.5)) / 1000.0;
  }

  private static double standardError(int block) {
    // Blocks that are seldom off are measured less well.
    double p = survivalProbability(block);
    return Math.round(1e6 * 0.0019 / Math.sqrt(p * (1 - p)) / 2) / 1e6;
  }

  private List<BlockDecision> blocks() {
    List<BlockDecision> blocks = new ArrayList<>();
    long[] bytes = {18_688, 74_240, 295_936};
    for (int i = 0; i < decisions.length(); i++) {
      Reason.Effect effect = new Reason.Effect(LEAVE_ONE_OUT[i], 0.004, bytes[i / 5], 1_180_000);
      AccuracyLoss loss = new AccuracyLoss(40 + (int) (1_000 * LEAVE_ONE_OUT[i]), 38, 10_800);
      Decision decision =
          switch (decisions.charAt(i)) {
            case 'k' -> Decision.KEEP;
            case 'b', 'B' -> Decision.BINARIZE;
            case 'n' -> Decision.NARROW;
            case 'l' -> Decision.LINEAR;
            case 's' -> Decision.SCALE;
            default -> Decision.DROP;
          };
      Reason reason =
          switch (decision) {
            case KEEP -> new Reason.Refused(9, loss, 2, effect);
            case BINARIZE -> new Reason.Binarized(effect);
            case NARROW ->
                new Reason.Formed(decision, 0.5, 1, 0.003, bytes[i / 5] / 2, 590_000, null);
            case LINEAR, SCALE ->
                new Reason.Formed(decision, null, 1, 0.002, bytes[i / 5], 1_180_000, null);
            case DROP -> new Reason.Dropped(1 + i / 2, loss, effect);
          };
      blocks.add(
          new BlockDecision(
              name(i),
              decision,
              decision == Decision.NARROW || decisions.charAt(i) == 'B' ? 0.5 : null,
              survivalProbability(i),
              EFFECT[i],
              standardError(i),
              1_180_000,
              bytes[i / 5],
              List.of(reason, new Reason.Confirmed(new AccuracyLoss(20, 19, 1_200)))));
    }
    return blocks;
  }

  private static List<PlanStep> curve() {
    double[] accuracy = {0.8908, 0.8908, 0.8917, 0.8908, 0.89, 0.8892, 0.8875, 0.8867, 0.8858};
    int[] order = {14, 8, 13, 7, 3, 12, 9, 11};
    List<PlanStep> steps = new ArrayList<>();
    long bytes = 1_873_412;
    long macs = 17_800_000;
    steps.add(new PlanStep(null, Decision.KEEP, bytes, macs, 0.31, accuracy[0]));
    long[] sizes = {18_688, 74_240, 295_936};
    for (int i = 0; i < order.length; i++) {
      bytes -= sizes[order[i] / 5];
      macs -= 1_180_000;
      steps.add(new PlanStep(name(order[i]), Decision.DROP, bytes, macs, 0.32, accuracy[i + 1]));
    }
    return steps;
  }

  private static SurvivalStatistics survival() {
    List<BlockStatistics> rows = new ArrayList<>();
    for (int i = 0; i < EFFECT.length; i++) {
      int on = (int) Math.round(1_275 * survivalProbability(i));
      rows.add(
          new BlockStatistics(
              name(i),
              (float) survivalProbability(i),
              on,
              1_275 - on,
              EFFECT[i],
              standardError(i),
              LEAVE_ONE_OUT[i],
              0.004,
              0.01 + 0.001 * i,
              LEAVE_ONE_OUT[i] + 0.002,
              0.03 - 0.001 * i,
              0.5 - 0.02 * i));
    }
    return new SurvivalStatistics(1_275, rows);
  }

  private static List<Epoch> training() {
    Random random = new Random(1);
    List<Epoch> epochs = new ArrayList<>();
    for (int i = 1; i <= 15; i++) {
      double noise = random.nextGaussian() * 0.008;
      epochs.add(
          epoch(
              i,
              0.36 + 1.1 * Math.exp(-i / 2.6) + noise / 2,
              0.31 + 0.8 * Math.exp(-i / 2.4) - noise,
              Math.round(1200 * (0.893 - 0.34 * Math.exp(-i / 2.4) + noise / 2)) / 1200.0,
              16.7 * i));
    }
    return epochs;
  }

  /** Rounded as in {@code history.csv}. */
  static Epoch epoch(
      int number, double trainLoss, double heldOutLoss, double heldOutAccuracy, double seconds) {
    return new Epoch(
        number,
        169,
        0.1,
        rounded(trainLoss),
        0.8,
        rounded(heldOutLoss),
        rounded(heldOutAccuracy),
        11.2,
        650,
        seconds,
        0,
        0,
        TrainingPhase.NETWORK,
        TrainingEnd.NO);
  }

  private static double rounded(double value) {
    return Math.round(1e5 * value) / 1e5;
  }
}
