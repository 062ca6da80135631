package shallows.pipeline.stage;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import shallows.export.ExportedFile;
import shallows.export.bundle.BundleWriter;
import shallows.export.verify.ExportCheck;
import shallows.export.verify.Verification;
import shallows.export.verify.Verifier;
import shallows.export.verify.VerifierOptions;
import shallows.model.BadInputException;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.report.Words;

/**
 * From exported files and test images to {@code export/verify.json} and the bundle of those that
 * passed; those that failed go out of the way.
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
    Graph full = OnnxReader.read(folder.fullModel());
    Graph pruned = OnnxReader.read(folder.prunedModel());
    Optional<Graph> original = OriginalNetwork.of(folder);
    List<ExportedFile> files = files(run, run.record().name());
    FamilyFiles family = new FamilyFiles(folder, run.record().name());
    if (files.isEmpty()) {
      throw new BadInputException(
          folder.export() + ": expected exported files, found none; export the run again");
    }
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
                  .verify(original, full, Optional.of(pruned), files);
          for (String member : family.others()) {
            // What the ensemble gets is known by now.
            found =
                found.withMember(
                    member,
                    new Verifier(options.withMembers(1), images.test(), progress)
                        .verify(
                            original,
                            full,
                            Optional.of(OnnxReader.read(family.network(member))),
                            files(run, family.prefix(member))));
          }
          found = MeasuredFiles.stamp(run, found);
          RejectedFiles.sort(run, found.exports());
          // The bundle's logits come from the very bytes that it ships.
          BundleWriter.write(
              fresh.resolve(folder.root().relativize(folder.bundle())),
              folder.export(),
              run.record().name(),
              images.data().name(),
              pruned.task(),
              found.exports(),
              images.test());
          found.write(fresh.resolve(folder.root().relativize(folder.verification())));
          String summary =
              String.format(
                  Locale.ROOT,
                  "%d of %d files passed  %sfull %s (%d sampled: %s), pruned %s on %s test images",
                  found.exports().stream().filter(ExportCheck::passed).count(),
                  found.exports().size(),
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

  /** The exported files of this name; others that begin with it are none of this run. */
  private static List<ExportedFile> files(OpenRun run, String name) {
    Set<String> written = run.record().outputs(Stage.EXPORT).keySet();
    return ExportedFile.in(run.folder().export(), name).stream()
        .filter(file -> written.contains(inRun(run.folder(), file)))
        .toList();
  }

  /** As run.json lists it. */
  private static String inRun(RunFolder folder, ExportedFile file) {
    return folder.root().relativize(file.path()).toString().replace('\\', '/');
  }
}
