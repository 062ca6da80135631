package shallows.cli.command;

import java.util.Locale;
import java.util.stream.Collectors;
import shallows.cli.terminal.Console;
import shallows.data.DataCheck;
import shallows.export.ExportedFile;
import shallows.export.quantize.calibrate.LayerCost;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Verification;
import shallows.model.ShellWord;
import shallows.model.progress.Progress;
import shallows.pipeline.event.Event;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.report.CheckWords;
import shallows.pipeline.report.Words;
import shallows.prune.plan.Family;
import shallows.prune.plan.Plan;
import shallows.prune.plan.PlanSummary;

/**
 * Says what a run does: a result line for each stage, remarks for the rest.
 *
 * @param progress of the work within a stage
 */
record EventWords(Console console, Progress progress) implements Listener {

  @Override
  public void hear(Event event) {
    if (event instanceof Event.Trained trained) {
      stage(
          "train",
          text(
              "%s  %d blocks  %s on %s held-out images",
              trained.network(),
              trained.blocks(),
              Words.percent(trained.accuracy()),
              Words.count(trained.images())),
          trained.seconds());
    } else if (event instanceof Event.Pruned pruned) {
      stage(
          "prune",
          pruned
              .family()
              .map(EventWords::sizes)
              .orElseGet(() -> cut(pruned.plan(), pruned.againstOriginal())),
          pruned.seconds());
    } else if (event instanceof Event.TookLarger larger) {
      stage(
          "prune",
          "test images reject that network; the next larger one takes its place: "
              + larger.member().map(name -> name + ", ").orElse("")
              + cut(larger.plan(), larger.againstOriginal()),
          larger.seconds());
    } else if (event instanceof Event.Exported exported) {
      stage(
          "export",
          exported.manifest().files().stream()
              .map(ExportedFile::file)
              .collect(Collectors.joining(" ")),
          exported.seconds());
    } else if (event instanceof Event.Verified verified) {
      stage("verify", checked(verified.found()), verified.seconds());
    } else if (event instanceof Event.Reported reported) {
      stage(
          "report",
          reported.page().getFileName() + " " + reported.json().getFileName(),
          reported.seconds());
    } else if (event instanceof Event.ImagesChecked checked) {
      check(checked.check());
    } else {
      console.remark(remark(event));
    }
  }

  /** A set that somebody published is known; what is in a person's own files is not. */
  private void check(DataCheck check) {
    if (check.files()) {
      String leftOut = CheckWords.leftOut(check);
      console.remark(CheckWords.summary(check) + (leftOut.isEmpty() ? "" : "; " + leftOut));
      CheckWords.warnings(check).forEach(console::remark);
    }
  }

  private void stage(String name, String summary, double seconds) {
    console.result(text("%-7s %s  %s", name, summary, Words.duration(seconds)));
  }

  private static String remark(Event event) {
    if (event instanceof Event.GoesOn goesOn) {
      return goesOn
          .next()
          .map(next -> goesOn.run() + ": a run is here; it goes on with " + next.key())
          .orElse(
              goesOn.run()
                  + ": a run is here and finished; to begin another one give --out "
                  + ShellWord.quoted(goesOn.another()));
    }
    if (event instanceof Event.MakesStale again) {
      return text(
          "%s has new files, so what %s made of the earlier ones goes; to make it again: %s",
          again.stage().key(),
          again.stale().stream().map(Stage::key).collect(Collectors.joining(" and ")),
          again.stale().stream()
              .map(stage -> "./shallows " + stage.key() + " " + ShellWord.quoted(again.run()))
              .collect(Collectors.joining(" && ")));
    }
    if (event instanceof Event.ImagesLeftOut left) {
      int count = left.images().size();
      return text(
          "left out %d image%s that did not decode: %s%s",
          count, count == 1 ? "" : "s", left.images().get(0), count == 1 ? "" : "; and more");
    }
    if (event instanceof Event.FewHeldOutImages few) {
      return text(
          "on %s held-out images chance alone counts for about %.1f points, so hardly any network is"
              + " confirmed to have lost at most %.2f; more images, or a larger --max-drop, let more"
              + " be cut",
          Words.count(few.images()), few.chance(), few.maxDrop());
    }
    if (event instanceof Event.AnswersAreLabels answers) {
      return text(
          "%s pictures without labels: what %s answers as it came counts as right, so accuracy is"
              + " agreement with it, and up to %.2f of 100 answers may change (--max-drop)",
          Words.count(answers.pictures()), answers.network(), answers.maxDrop());
    }
    if (event instanceof Event.NoBlocks none) {
      return none.network()
          + ": no residual blocks found, so none can be dropped or binarized; int8 and export go on";
    }
    if (event instanceof Event.TrainedOn trained) {
      return text(
          "trained on, the network gets %s of the held-out images right, as it came %s;"
              + " --max-drop counts from how it came, which flatters it on images that it was"
              + " trained on",
          Words.percent(trained.accuracy()), Words.percent(trained.original()));
    }
    if (event instanceof Event.ClassifierTrained classifier) {
      return text(
          "a classifier of %d classes on %d features of %s: %s of %s held-out images, %s",
          classifier.classes(),
          classifier.features(),
          classifier.network(),
          Words.percent(classifier.accuracy()),
          Words.count(classifier.images()),
          Words.duration(classifier.seconds()));
    }
    if (event instanceof Event.TransferLost lost) {
      return text(
          "training all layers lost accuracy: %s of %s held-out images with the new classifier"
              + " alone, %s now; --epochs 0 keeps the classifier alone, a lower --trunk-rate or"
              + " --learning-rate changes less of what the network knew",
          Words.percent(lost.classifierAlone()),
          Words.count(lost.images()),
          Words.percent(lost.accuracy()));
    }
    if (event instanceof Event.NormalizationChosen normalization) {
      return scaled(normalization);
    }
    if (event instanceof Event.Int8Costs costs) {
      return text(
          "%s: int8 costs %.1f points on %d held-out images; export --qat fine-tunes for it",
          costs.network(), costs.points(), costs.images());
    }
    if (event instanceof Event.WeightsRounded rounded) {
      return text(
          "%s: weights%s: %s on %d held-out images",
          rounded.network(),
          rounded.tuned() ? " before the fine-tuning" : "",
          ConvertedWords.weights(rounded.weights()),
          rounded.images());
    }
    if (event instanceof Event.LayersInFloats floats) {
      return text(
          "%s: %s; int8 %scosts %.1f points on %d held-out images",
          floats.network(),
          ConvertedWords.inFloats(floats.layers()),
          floats.layers().stream().anyMatch(LayerCost::inFloats) ? "now " : "",
          floats.points(),
          floats.images());
    }
    if (event instanceof Event.Int8Tuned tuned) {
      return text(
          "%s: on held-out images %.1f %% in fp32, %.1f %% in int8, %.1f %% after %s with"
              + " simulated quantization; divergence from fp32 %.2g, then %.2g nats%s",
          tuned.network(),
          100 * tuned.floats(),
          100 * tuned.before(),
          100 * tuned.after(),
          tuned.epochs() == 1 ? "1 epoch" : tuned.epochs() + " epochs",
          tuned.divergenceBefore(),
          tuned.divergenceAfter(),
          tuned.helped() ? "" : ", which is no help; the weights stay as they were");
    }
    throw new IllegalArgumentException("no words for " + event);
  }

  /** The row of a table that says how pixels were scaled. */
  static String pixels(Event.NormalizationChosen found) {
    String words = scaled(found);
    return words.isEmpty() ? "normalization " + found.chosen().name() : words;
  }

  /** Empty where there is nothing to say. */
  static String scaled(Event.NormalizationChosen found) {
    if (found.better().isPresent()) {
      return text(
          "normalization %s on %d images, but %s: probably the network wants --normalization %s",
          words(found.chosen()),
          found.images(),
          words(found.better().get()),
          found.better().get().name());
    }
    String near =
        found
            .chance()
            .map(
                chance ->
                    text(
                        "only %s of %d images are right, near what guessing gives (%s): check"
                            + " --data, the order of the classes (--labels) and the normalization",
                        Words.percent(found.chosen().accuracy()),
                        found.images(),
                        Words.percent(chance)))
            .orElse("");
    if (found.tried().isEmpty()) {
      return near;
    }
    return near
        + (near.isEmpty() ? "" : "; ")
        + text(
            "normalization %s, by the accuracy on %d images: %s",
            found.chosen().name(),
            found.images(),
            found.tried().stream().map(EventWords::words).collect(Collectors.joining(", ")));
  }

  private static String words(Event.Scaling scaling) {
    return scaling.name() + " " + Words.percent(scaling.accuracy());
  }

  private static String cut(Plan plan, boolean againstOriginal) {
    PlanSummary found = plan.summary();
    return text(
        "%s  %s on held-out images, %s %s: %s%s",
        plan.blocks().isEmpty()
            ? "no residual blocks"
            : plan.inWords() + " of " + plan.blocks().size() + " blocks",
        Words.percent(found.heldOutAccuracy()),
        againstOriginal ? "network as it came" : "full network",
        Words.percent(found.fullHeldOutAccuracy()),
        found.loss().inWords(),
        found.promise() == null
            ? ""
            : text(
                ", at most %.2f lost with %.0f %% confidence",
                found.promise().maxDrop(), 100 * found.promise().confidence()));
  }

  private static String sizes(Family family) {
    return family.members().stream()
        .map(
            member ->
                member.name()
                    + " "
                    + Words.bytes(member.summary().bytes())
                    + " "
                    + Words.percent(member.summary().heldOutAccuracy()))
        .collect(Collectors.joining(", ", "", " on held-out images; chosen: " + family.chosen()));
  }

  private static String checked(Verification found) {
    return text(
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
        Words.count(found.images().count()));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
