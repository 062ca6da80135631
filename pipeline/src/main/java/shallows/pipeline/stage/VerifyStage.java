package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.data.sets.DataSets;
import shallows.export.ExportManifest;
import shallows.export.ExportedFile;
import shallows.export.ExportedNetwork;
import shallows.export.bundle.BundleWriter;
import shallows.export.verify.Verification;
import shallows.export.verify.Verifier;
import shallows.export.verify.VerifierOptions;
import shallows.model.BadInputException;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.Stage;

/**
 * From exported files and test images to {@code verify/verify.json} and the bundle of those that
 * passed.
 */
public final class VerifyStage {
  private VerifyStage() {}

  /**
   * @param maxDrop points that a file may have lost against the full network, chance considered
   * @param copies of each image that files are asked about too, beside the image alone
   */
  public static void run(Work work, double maxDrop, Optional<TestTimeAugmentation> copies) {
    RunFolder folder = work.folder();
    RunImages images = work.images();
    List<ExportedNetwork> networks = RunNetworks.of(work.run());
    Graph full = networks.get(0).graph();
    ExportManifest manifest = ExportManifest.read(folder.export());
    requireOfTheRun(folder.export().resolve(ExportManifest.FILE), manifest, networks);
    work.run(
        Stage.VERIFY,
        UnaryOperator.identity(),
        fresh -> {
          VerifierOptions options =
              VerifierOptions.defaults(work.compute().processors())
                  .withMaxDrop(maxDrop)
                  .forNetworkOf(Cost.of(full).macs())
                  .withSeed(work.record().train().seed());
          Verification found =
              new Verifier(options, images.test(), copies, work.progress())
                  .verify(OriginalNetwork.of(folder), networks, folder.export(), manifest.files());
          BundleWriter.write(
              fresh.resolve(folder.root().relativize(folder.bundle())),
              folder.export(),
              manifest,
              found,
              new BundleWriter.Subject(
                  work.record().name(),
                  images.data().name(),
                  DataSets.origin(work.record().train().data())),
              full.task(),
              images.test());
          found.write(fresh.resolve(folder.root().relativize(folder.verification())));
          return new Work.Done(seconds -> new Event.Verified(found, seconds), 0);
        });
  }

  private static void requireOfTheRun(
      Path list, ExportManifest manifest, List<ExportedNetwork> networks) {
    for (ExportedFile file : manifest.files()) {
      if (networks.stream().noneMatch(network -> network.isIn(file))) {
        throw new BadInputException(
            list,
            "files of the networks of this run",
            file.file() + " of another",
            "export the run again");
      }
    }
  }
}
