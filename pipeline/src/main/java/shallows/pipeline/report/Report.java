package shallows.pipeline.report;

import com.google.gson.annotations.SerializedName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import shallows.model.Expect;
import shallows.model.UnexpectedValueException;
import shallows.model.json.JsonFormat;
import shallows.model.json.OrNull;

/**
 * {@code report.json}: a record for each object, a component for each member, in the order of the
 * file. Accuracy and agreement are fractions in [0, 1] over the whole test set unless a name says
 * otherwise, bytes are file sizes, latency is at batch 1, times are in the unit of their name. The
 * contract is read from top to bottom, so it stands in one file.
 *
 * @param data the images
 * @param full the network as it was trained
 * @param pruned the network as it is shipped
 * @param exports every file that was written, also of the full network
 * @param seconds how long each stage took
 * @param elimination the way from full to pruned; the first step is the full depth
 * @param latency how the latencies of the exports were measured
 * @param family the sizes that the network was cut to, largest first; empty where it is one
 * @param original accuracy of somebody else's network as it came, where the full one is what
 *     further training made of it; else null
 */
public record Report(
    Data data,
    Full full,
    Pruned pruned,
    List<Export> exports,
    Seconds seconds,
    List<EliminationStep> elimination,
    LatencySettings latency,
    List<Member> family,
    @OrNull Double original) {
  public static final JsonFormat<Report> FORMAT =
      new JsonFormat<>(Report.class, "a report", "write it again with ./shallows report");

  public Report {
    Expect.present("data", data);
    Expect.present("full", full);
    Expect.present("pruned", pruned);
    Expect.present("seconds", seconds);
    Expect.present("latency", latency);
    exports = Expect.list("exports", exports);
    elimination = Expect.list("elimination", elimination);
    family = Expect.list("family", family);
    if (original != null) {
      Expect.fraction("original", original);
    }
    if (pruned.blocks().size() != full.blocks()) {
      throw new UnexpectedValueException(
          "pruned.blocks",
          "a row for each of the " + full.blocks() + " blocks of the full network",
          pruned.blocks().size());
    }
  }

  /** What accuracies are compared with: the network as it came, or else the full one. */
  public double referenceAccuracy() {
    return original == null ? full.accuracy() : original;
  }

  /** The passing file of the pruned network that has the fewest bytes. */
  public Optional<Export> smallestPassing() {
    return exports.stream()
        .filter(export -> export.passed() && export.network().equals("pruned"))
        .min(Comparator.comparingLong(Export::bytes));
  }

  /**
   * @param name as a person says it, for example {@code "fashion-mnist-mini"}
   * @param train how many images the weights were fitted to
   * @param test how many images the accuracies were measured on
   * @param classes how many
   * @param heldOut how many training images were kept from training to choose blocks by
   */
  public record Data(String name, int train, int test, int classes, int heldOut) {
    public Data {
      Expect.text("name", name);
      Expect.atLeast(1, "train", train);
      Expect.atLeast(1, "test", test);
      Expect.atLeast(2, "classes", classes);
      Expect.atLeast(0, "heldOut", heldOut);
    }
  }

  /**
   * @param blocks how many residual blocks
   * @param parameters how many weights
   * @param macs multiply-accumulates for one image
   * @param bytes size of its fp32 ONNX file
   * @param accuracy of the expectation: every branch scaled by its survival probability
   * @param ensemble the Monte Carlo estimate of the same ensemble
   */
  public record Full(
      int blocks, long parameters, long macs, long bytes, double accuracy, Ensemble ensemble) {
    public Full {
      Expect.atLeast(0, "blocks", blocks);
      Expect.atLeast(1, "parameters", parameters);
      Expect.atLeast(1, "macs", macs);
      Expect.atLeast(1, "bytes", bytes);
      Expect.fraction("accuracy", accuracy);
      Expect.present("ensemble", ensemble);
    }
  }

  /**
   * @param members how many sub-networks were sampled
   * @param accuracy of the mean of their softmax outputs
   */
  public record Ensemble(int members, double accuracy) {
    public Ensemble {
      Expect.atLeast(1, "members", members);
      Expect.fraction("accuracy", accuracy);
    }
  }

  /**
   * @param parameters how many weights
   * @param macs multiply-accumulates for one image
   * @param bytes size of its fp32 ONNX file
   * @param accuracy after fine-tuning
   * @param blocks every block of the full network, from stem to classifier
   * @param rejected how many smaller networks test images rejected before this one took their
   *     place; where there is one, test images had a part in choosing this network
   */
  public record Pruned(
      long parameters,
      long macs,
      long bytes,
      double accuracy,
      List<BlockDecision> blocks,
      int rejected) {
    public Pruned {
      Expect.atLeast(1, "parameters", parameters);
      Expect.atLeast(1, "macs", macs);
      Expect.atLeast(1, "bytes", bytes);
      Expect.fraction("accuracy", accuracy);
      Expect.atLeast(0, "rejected", rejected);
      blocks = Expect.list("blocks", blocks);
    }

    /** How many blocks met this end. */
    public int count(Decision decision) {
      return (int) blocks.stream().filter(block -> block.decision() == decision).count();
    }
  }

  /** What becomes of a block. */
  public enum Decision {
    /** It stays at full precision. */
    @SerializedName("keep")
    KEEP,
    /** Its convolutions keep one bit a weight and one scale an output channel. */
    @SerializedName("binarize")
    BINARIZE,
    /** Its shortcut alone remains. */
    @SerializedName("drop")
    DROP
  }

  /**
   * @param name for example {@code "stage2/block07"}
   * @param decision what becomes of it
   * @param survival probability in [0, 1] that it was on in a training step
   * @param effect mean rise of the training loss when it is off; null where it was not measured
   * @param standardError of the effect; null where it was not measured
   * @param macs multiply-accumulates of its branch for one image, in the full network
   * @param bytes of its branch in the full network, fp32
   * @param reason for a person, with numbers
   */
  public record BlockDecision(
      String name,
      Decision decision,
      double survival,
      @OrNull Double effect,
      @OrNull Double standardError,
      long macs,
      long bytes,
      String reason) {
    public BlockDecision {
      Expect.text("name", name);
      Expect.present("decision", decision);
      Expect.fraction("survival", survival);
      if (effect != null) {
        Expect.finite("effect", effect);
      }
      if (standardError != null) {
        Expect.notNegative("standardError", standardError);
      }
      Expect.atLeast(0, "macs", macs);
      Expect.atLeast(0, "bytes", bytes);
      Expect.present("reason", reason);
    }
  }

  /**
   * @param file name without folders
   * @param format {@code "onnx"} or {@code "tflite"}
   * @param precision for example {@code "fp32"}
   * @param bytes size of the file
   * @param runtime that ran it, with its version
   * @param accuracy of the file in that runtime; null where the runtime refused it
   * @param agreement share of images with the same class as the graph it was written from; null
   *     likewise
   * @param maxAbsDifference largest difference of an output from that graph's; null likewise, and
   *     where an output is no number
   * @param latencyMs batch 1
   * @param passed whether it may be shipped
   * @param network {@code "pruned"}, or {@code "full"} for the files of comparison, or the name of
   *     another size of a family
   * @param reason why it did not pass; empty where it did
   * @param klDivergence mean over the images of KL(softmax of that graph || softmax of the file),
   *     in nats; null where it was not measured
   * @param peakMemoryBytes what loading it and running one image adds to a process, the runtime
   *     included; null where it was not measured
   * @param qat whether its weights were fine-tuned with simulated quantization
   * @param biasesCorrected whether its biases make good for what rounding shifts outputs by
   * @param lost how many test images the network that accuracies are compared with gets right and
   *     this file does not; null where the runtime refused it
   * @param won the other way round; null likewise
   */
  public record Export(
      String file,
      String format,
      String precision,
      long bytes,
      String runtime,
      @OrNull Double accuracy,
      @OrNull Double agreement,
      @OrNull Double maxAbsDifference,
      Latency latencyMs,
      boolean passed,
      String network,
      String reason,
      @OrNull Double klDivergence,
      @OrNull Long peakMemoryBytes,
      boolean qat,
      boolean biasesCorrected,
      @OrNull Integer lost,
      @OrNull Integer won) {
    public Export {
      Expect.text("file", file);
      Expect.text("format", format);
      Expect.text("precision", precision);
      Expect.atLeast(0, "bytes", bytes);
      Expect.text("runtime", runtime);
      if (passed || accuracy != null) {
        Expect.fraction("accuracy", Expect.present("accuracy", accuracy));
        Expect.fraction("agreement", Expect.present("agreement", agreement));
        Expect.atLeast(0, "lost", Expect.present("lost", lost));
        Expect.atLeast(0, "won", Expect.present("won", won));
      }
      if (maxAbsDifference != null) {
        Expect.notNegative("maxAbsDifference", maxAbsDifference);
      }
      Expect.present("latencyMs", latencyMs);
      Expect.text("network", network);
      Expect.present("reason", reason);
      if (klDivergence != null) {
        Expect.notNegative("klDivergence", klDivergence);
      }
      if (peakMemoryBytes != null) {
        Expect.atLeast(0, "peakMemoryBytes", peakMemoryBytes);
      }
    }
  }

  /**
   * @param median ms; null where it was not measured
   * @param p90 ms that nine calls in ten stay below; null with it
   */
  public record Latency(@OrNull Double median, @OrNull Double p90) {
    public Latency {
      if (median != null || p90 != null) {
        Expect.notNegative("median", Expect.present("median", median));
        Expect.notNegative("p90", Expect.present("p90", p90));
      }
    }
  }

  /**
   * @param threads that one call could use
   * @param warmUps calls before, which do not count
   * @param runs calls that count
   */
  public record LatencySettings(int threads, int warmUps, int runs) {
    public LatencySettings {
      Expect.atLeast(1, "threads", threads);
      Expect.atLeast(0, "warmUps", warmUps);
      Expect.atLeast(1, "runs", runs);
    }
  }

  /** Wall time of each stage, in seconds; 0 for a stage that did not run. */
  public record Seconds(double train, double prune, double export, double verify) {
    public Seconds {
      Expect.notNegative("train", train);
      Expect.notNegative("prune", prune);
      Expect.notNegative("export", export);
      Expect.notNegative("verify", verify);
    }
  }

  /**
   * One step of the backward elimination, before any fine-tuning.
   *
   * @param label what changed, for example {@code "without stage3/block04"}
   * @param blocksLeft blocks that still have their branch
   * @param macs multiply-accumulates for one image
   * @param bytes of the weights at this step, not of a file
   * @param heldOutAccuracy on the held-out training images, never on test images
   */
  public record EliminationStep(
      String label, int blocksLeft, long macs, long bytes, double heldOutAccuracy) {
    public EliminationStep {
      Expect.text("label", label);
      Expect.atLeast(0, "blocksLeft", blocksLeft);
      Expect.atLeast(1, "macs", macs);
      Expect.atLeast(1, "bytes", bytes);
      Expect.fraction("heldOutAccuracy", heldOutAccuracy);
    }
  }

  /**
   * One size of a family.
   *
   * @param name {@code exports[].network} of its files, but for the chosen one, whose files are
   *     those of the pruned network
   * @param chosen whether {@code pruned} is about this one
   * @param budget in words
   * @param bytes as the budget counts them
   * @param macs for one image
   * @param kept blocks
   * @param binarized blocks
   * @param dropped blocks
   * @param cutAccuracy on held-out images before fine-tuning
   * @param heldOutAccuracy on them after it
   * @param accuracy on test images
   */
  public record Member(
      String name,
      boolean chosen,
      String budget,
      long bytes,
      long macs,
      long kept,
      long binarized,
      long dropped,
      double cutAccuracy,
      double heldOutAccuracy,
      double accuracy) {
    public Member {
      Expect.text("name", name);
      Expect.text("budget", budget);
      Expect.atLeast(1, "bytes", bytes);
      Expect.atLeast(1, "macs", macs);
      Expect.atLeast(0, "kept", kept);
      Expect.atLeast(0, "binarized", binarized);
      Expect.atLeast(0, "dropped", dropped);
      Expect.fraction("cutAccuracy", cutAccuracy);
      Expect.fraction("heldOutAccuracy", heldOutAccuracy);
      Expect.fraction("accuracy", accuracy);
    }
  }
}
