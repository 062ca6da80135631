package shallows.pipeline.stage;

import java.util.List;
import java.util.Locale;
import shallows.export.ExportManifest;
import shallows.export.ExportedNetwork;
import shallows.export.bundle.BundleWriter;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Verification;
import shallows.export.verify.Verifier;
import shallows.export.verify.VerifierOptions;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.report.Words;

/**
 * From exported files and test images to {@code verify/verify.json} and the bundle of those that
 * passed.
 */
public final class VerifyStage {
  private VerifyStage() {}

  /**
   * @param maxDrop points that a file may lie below the full network
   * @param threads for going through the test images
   */
  public static void run(
      OpenRun run,
      RunImages images,
      double maxDrop,
      int threads,
      Listener listener,
      Progress progress) {
    RunFolder folder = run.folder();
    List<ExportedNetwork> networks = RunNetworks.of(run);
    Graph full = networks.get(0).graph();
    ExportManifest manifest = ExportManifest.read(folder.export());
    StageWork.run(
        run,
        Stage.VERIFY,
        listener,
        fresh -> {
          VerifierOptions options =
              VerifierOptions.defaults(threads)
                  .withMaxDrop(maxDrop)
                  .withOracleFor(Cost.of(full).macs())
                  .withSeed(run.record().train().seed());
          Verification found =
              new Verifier(options, images.test(), progress)
                  .verify(OriginalNetwork.of(folder), networks, folder.export(), manifest.files());
          BundleWriter.write(
              fresh.resolve(folder.root().relativize(folder.bundle())),
              folder.export(),
              manifest,
              found,
              run.record().name(),
              full.task(),
              images.test());
          found.write(fresh.resolve(folder.root().relativize(folder.verification())));
          String summary =
              String.format(
                  Locale.ROOT,
                  "%d of %d files passed  %sfull %s (%d sampled: %s), pruned %s on %s test images",
                  found.files().stream().filter(FileCheck::passed).count(),
                  found.files().size(),
                  found.originalAccuracy() == null
                      ? ""
                      : "as it came " + Words.percent(found.originalAccuracy()) + ", ",
                  Words.percent(found.expectationAccuracy()),
                  found.ensemble().members(),
                  Words.percent(found.ensemble().accuracy()),
                  Words.percent(found.prunedAccuracy()),
                  Words.count(images.test().size()));
          return new StageWork.Done(summary, 0);
        });
  }
}
