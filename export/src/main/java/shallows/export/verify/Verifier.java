package shallows.export.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.data.evaluation.AccuracyLoss;
import shallows.data.evaluation.Predictions;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.export.ExportedFile;
import shallows.export.ExportedNetwork;
import shallows.export.answers.Answerer;
import shallows.export.answers.Answers;
import shallows.export.runtime.RedrawnRegions;
import shallows.model.graph.Graph;
import shallows.model.graph.PoolingRegions;
import shallows.model.progress.Progress;

/**
 * Checks exported files against the graphs they were made from and against the full ensemble.
 *
 * <p>A file passes when (a) its outputs are those of its graph, as {@link OutputMatch} has it, and
 * (b) test images do not show, chance considered ({@link AccuracyLoss}), that it has lost more than
 * {@code maxDrop} points against the full network at its expectation, or against the network as it
 * came, where the full one went on from somebody else's. Of floats (a) is asked twice: of the graph
 * as it was before the export passes, in ONNX Runtime, on all test images; and of the plain
 * interpreter on the first of them. Of integers it is asked of the plain simulation on the first of
 * them, and of floats that are made of rounded weights of the interpreter with these weights.
 */
public final class Verifier {
  private final VerifierOptions options;
  private final LabelledImages test;
  private final Progress progress;
  private final Optional<TestTimeAugmentation> copies;

  /** That asks about each image alone. */
  public Verifier(VerifierOptions options, LabelledImages test, Progress progress) {
    this(options, test, Optional.empty(), progress);
  }

  /**
   * @param test of the size that the graphs take
   * @param copies of each image that files are asked about too, beside the image alone; they decide
   *     nothing
   */
  public Verifier(
      VerifierOptions options,
      LabelledImages test,
      Optional<TestTimeAugmentation> copies,
      Progress progress) {
    this.options = options;
    this.test = test;
    this.copies = copies;
    this.progress = progress;
  }

  /**
   * @param original what files are compared with in accuracy; empty where that is the full network
   * @param networks unfolded: the full one first, then the pruned one that is shipped, if there is
   *     one, then other members of its family
   * @param folder of the export
   * @param files of it, each of one of the networks
   */
  public Verification verify(
      Optional<Graph> original,
      List<ExportedNetwork> networks,
      Path folder,
      List<ExportedFile> files) {
    Graph full = networks.get(0).graph();
    boolean sampled = NetworkAnswers.isSampled(full);
    if (copies.isPresent() && copies.get().draws() > 1 && !PoolingRegions.areDrawn(full)) {
      throw RedrawnRegions.missing(full.name());
    }
    NetworkAnswers asked = new NetworkAnswers(options, test, progress);
    progress.start("verify", images(asked, original.isPresent(), sampled, networks.size(), files));
    try {
      List<Reference> references = new ArrayList<>();
      Map<String, Double> family = new LinkedHashMap<>();
      for (ExportedNetwork network : networks) {
        Reference reference = asked.reference(network);
        references.add(reference);
        if (network.member() != null) {
          family.put(network.member(), reference.all().accuracy(test));
        }
      }
      double expectation = references.get(0).all().accuracy(test);
      double ensemble = sampled ? asked.monteCarlo(full).accuracy(test) : expectation;
      Optional<Predictions> asItCame = original.map(asked::asItCame);
      Predictions compared = asItCame.orElse(references.get(0).all());
      List<Answers> answers = new ArrayList<>();
      asItCame.ifPresent(
          found -> answers.add(Answers.of(Answerer.ORIGINAL, found, Optional.empty(), test)));
      for (Reference each : references) {
        Optional<Predictions> other = Optional.of(compared).filter(found -> found != each.all());
        answers.add(Answers.of(Answerer.of(each.network()), each.all(), other, test));
      }
      FileChecks checking = new FileChecks(asked, copies, folder);
      List<FileCheck> checks = new ArrayList<>();
      for (ExportedFile file : files) {
        checks.add(checking.check(file, reference(file, references), compared, answers));
      }
      return new Verification(
          new Verification.Images(test.name(), test.size()),
          options.maxDrop(),
          expectation,
          new Verification.Ensemble(options.members(), ensemble),
          networks.size() > 1 ? (Double) references.get(1).all().accuracy(test) : null,
          new Verification.LatencySettings(
              options.latencyThreads(), options.warmUps(), options.runs()),
          checks,
          family,
          asItCame.map(found -> found.accuracy(test)).orElse(null),
          answers);
    } finally {
      progress.finish();
    }
  }

  private static Reference reference(ExportedFile file, List<Reference> references) {
    return references.stream()
        .filter(of -> of.network().isIn(file))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(file + " is of a network that was not given"));
  }

  /** How many are looked at in all, by networks, files and what files are held to. */
  private long images(
      NetworkAnswers asked,
      boolean original,
      boolean sampled,
      int networks,
      List<ExportedFile> files) {
    long passes =
        networks
            + (original ? 1 : 0)
            + (sampled ? options.members() : 0)
            + (long) files.size() * (copies.isPresent() ? 2 : 1);
    long simulations =
        files.stream()
            .filter(file -> file.precision().isInteger())
            .map(SimulatedAnswers::key)
            .distinct()
            .count();
    long roundings =
        files.stream()
            .filter(file -> file.precision().storage().isRounded())
            .map(file -> Arrays.asList(file.network(), file.member(), file.precision()))
            .distinct()
            .count();
    long tuned =
        files.stream()
            .filter(file -> file.tuned() != null)
            .map(ExportedFile::scales)
            .distinct()
            .count();
    return passes * test.size()
        + (networks + simulations + tuned + 2 * roundings) * asked.oracleImages().size();
  }
}
