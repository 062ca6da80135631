package shallows.export.verify;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import shallows.data.evaluation.AccuracyLoss;
import shallows.export.ExportManifest;
import shallows.export.NetworkForm;
import shallows.export.answers.Answerer;
import shallows.export.answers.Answers;
import shallows.export.answers.ChangedImage;
import shallows.model.BadInputException;
import shallows.model.Expect;
import shallows.model.json.Changes;
import shallows.model.json.JsonFormat;
import shallows.model.json.OrNull;

/**
 * What verifying found: the content of {@code verify.json}.
 *
 * @param images what the accuracies were measured on
 * @param maxDrop the points that a file may lose against the full network, or against the network
 *     as it came where there is one, chance considered
 * @param expectationAccuracy of the full network, each branch scaled by its survival probability
 * @param ensemble the other estimate of the full ensemble
 * @param prunedAccuracy of the pruned network, or null where there is none
 * @param latency how latencies were measured
 * @param files one check a file
 * @param family accuracy of each size of a family, by name; empty where there is one size
 * @param originalAccuracy of somebody else's network as it came, where the full one is what further
 *     training made of it; else null
 * @param answers of each network and of each file that ran, class by class: the network that
 *     accuracies are compared with first, then the other networks, then the files
 */
public record Verification(
    Images images,
    double maxDrop,
    double expectationAccuracy,
    Ensemble ensemble,
    @OrNull Double prunedAccuracy,
    LatencySettings latency,
    List<FileCheck> files,
    Map<String, Double> family,
    @OrNull Double originalAccuracy,
    List<Answers> answers) {

  /**
   * @param name as a report says it
   * @param count how many
   */
  public record Images(String name, int count) {
    public Images {
      Expect.text("name", name);
      Expect.atLeast(1, "count", count);
    }
  }

  /**
   * The Monte Carlo ensemble.
   *
   * @param members sampled sub-networks
   * @param accuracy of the mean of their softmax outputs
   */
  public record Ensemble(int members, double accuracy) {
    public Ensemble {
      Expect.atLeast(1, "members", members);
      Expect.fraction("accuracy", accuracy);
    }
  }

  /**
   * @param threads that one operation could use
   * @param warmUps runs before
   * @param runs that count
   */
  public record LatencySettings(int threads, int warmUps, int runs) {
    public LatencySettings {
      Expect.atLeast(1, "threads", threads);
      Expect.atLeast(0, "warmUps", warmUps);
      Expect.atLeast(1, "runs", runs);
    }
  }

  static final JsonFormat<Verification> FORMAT =
      new JsonFormat<>(Verification.class, "a verification", "run verify first, or once more");

  public Verification {
    Expect.notNegative("maxDrop", maxDrop);
    Expect.fraction("expectationAccuracy", expectationAccuracy);
    if (prunedAccuracy != null) {
      Expect.fraction("prunedAccuracy", prunedAccuracy);
    }
    files = Expect.list("files", files);
    family.forEach((name, accuracy) -> Expect.fraction("family." + name, accuracy));
    family = Collections.unmodifiableMap(new LinkedHashMap<>(family));
    if (originalAccuracy != null) {
      Expect.fraction("originalAccuracy", originalAccuracy);
    }
    answers = Expect.list("answers", answers);
    for (Answers each : answers) {
      int classes = answers.get(0).classes().size();
      Expect.require(each.classes().size() == classes, "answers", classes + " classes", each.by());
      for (ChangedImage image :
          each.changes() == null ? List.<ChangedImage>of() : each.changes().images()) {
        Expect.require(
            image.image() < images.count(),
            "answers.changes",
            "images below " + images.count(),
            image.image());
      }
    }
  }

  /** What a network or a file answers; empty where it gave no answers. */
  public Optional<Answers> answers(Answerer by) {
    return answers.stream().filter(each -> each.by().equals(by)).findFirst();
  }

  /** The same without what was answered class by class, which most of it is. */
  public Verification withoutAnswers() {
    return Changes.in(this, "answers", List.of());
  }

  /** What was found of a file of this name. */
  public FileCheck file(String name) {
    return files.stream()
        .filter(check -> check.file().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " was not verified"));
  }

  /** Of the network that files are compared with: as it came, or else the full one. */
  public double referenceAccuracy() {
    return originalAccuracy == null ? expectationAccuracy : originalAccuracy;
  }

  /**
   * Whether every file of what is to ship may be shipped. Files of the full network are there to be
   * compared with; they decide where there is nothing else.
   *
   * @param manifest of the files that were verified
   */
  public boolean passed(ExportManifest manifest) {
    List<FileCheck> pruned = pruned(manifest, any -> true);
    return (pruned.isEmpty() ? files : pruned).stream().allMatch(FileCheck::passed);
  }

  /**
   * Whether a pruned network has files and none of them may be shipped.
   *
   * @param member of a family; null where there is none
   */
  public boolean rejects(ExportManifest manifest, String member) {
    List<FileCheck> checks = pruned(manifest, of -> Objects.equals(of, member));
    return !checks.isEmpty() && checks.stream().noneMatch(FileCheck::passed);
  }

  /**
   * Of the files of a pruned network the one with the best accuracy; empty where none ran.
   *
   * @param member of a family; null where there is none
   */
  public Optional<FileCheck> best(ExportManifest manifest, String member) {
    return pruned(manifest, of -> Objects.equals(of, member)).stream()
        .filter(check -> check.accuracy() != null)
        .max(Comparator.comparingDouble(FileCheck::accuracy));
  }

  private List<FileCheck> pruned(ExportManifest manifest, Predicate<String> members) {
    return manifest.files().stream()
        .filter(file -> file.network() == NetworkForm.PRUNED && members.test(file.member()))
        .map(file -> file(file.file()))
        .toList();
  }

  /** What a file that ran has lost against the network that accuracies are compared with. */
  public AccuracyLoss loss(FileCheck check) {
    return new AccuracyLoss(check.lost(), check.won(), images.count());
  }

  /**
   * @throws BadInputException when the file cannot be written
   */
  public void write(Path file) {
    FORMAT.write(this, file);
  }

  /**
   * @throws BadInputException when the file is missing or holds something else
   */
  public static Verification read(Path file) {
    return FORMAT.read(file);
  }
}
