package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import shallows.data.LabelledImages;
import shallows.data.NamedPixels;
import shallows.data.PixelsInMemory;
import shallows.data.evaluation.Predictions;
import shallows.export.NetworkForm;
import shallows.export.answers.Answerer;
import shallows.export.answers.Answers;
import shallows.export.answers.ChangedAnswers;
import shallows.pipeline.report.SampleExports.Checked;

/** Made-up answers of the networks and files of {@link SampleRun}. */
final class SampleAnswers {
  /**
   * A class that the pruned network takes for the one before it, far more often than chance has.
   */
  static final int HARD = 6;

  private static final double FORGOTTEN = 0.25;

  private SampleAnswers() {}

  /**
   * @param most how many confusions and images are listed of each, to keep what has them short
   */
  static List<Answers> of(SampleRun run, int most) {
    LabelledImages images = images(run);
    int classes = run.classes.size();
    Random random = new Random(5);
    float[][] full = new float[images.size()][classes];
    float[][] pruned = new float[images.size()][];
    for (int i = 0; i < full.length; i++) {
      int label = images.label(i);
      boolean right = random.nextDouble() < run.accuracy;
      full[i][right ? label : (label + 1 + random.nextInt(3)) % classes] =
          4 + 3 * random.nextFloat();
      pruned[i] = full[i].clone();
      if (!right && random.nextInt(4) == 0) {
        pruned[i][label] += 8;
      }
      if (label == HARD % classes ? random.nextDouble() < FORGOTTEN : random.nextInt(25) == 0) {
        pruned[i][(label + classes - (label == HARD ? 2 : 1)) % classes] += 6;
      }
    }
    Optional<Predictions> compared = Optional.of(new Predictions(full));
    List<Answers> all = new ArrayList<>();
    Answerer ofFull = new Answerer(Answerer.Network.FULL, null, null);
    all.add(Answers.of(ofFull, compared.get(), Optional.empty(), images));
    String chosen = run.members.isEmpty() ? null : run.members.get(run.members.size() - 1);
    Answerer ofPruned = new Answerer(Answerer.Network.PRUNED, chosen, null);
    all.add(Answers.of(ofPruned, new Predictions(pruned), compared, images));
    for (Checked each : run.files) {
      if (each.check().accuracy() != null) {
        boolean isFull = each.file().network() == NetworkForm.FULL;
        Answerer by =
            new Answerer(
                isFull ? Answerer.Network.FULL : Answerer.Network.PRUNED,
                each.file().member(),
                each.file().file());
        all.add(Answers.of(by, new Predictions(isFull ? full : pruned), compared, images));
      }
    }
    return all.stream().map(each -> shortened(each, most)).toList();
  }

  private static LabelledImages images(SampleRun run) {
    int[] labels = new int[run.testImages];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % run.classes.size();
    }
    return new LabelledImages(
        run.data,
        run.classes,
        1,
        1,
        1,
        new NamedPixels(
            new PixelsInMemory(new byte[labels.length], 1),
            row -> "test/" + labels[row] + "/IMG_" + (1000 + row) + ".jpg"),
        labels);
  }

  private static Answers shortened(Answers whole, int most) {
    ChangedAnswers changes = whole.changes();
    return new Answers(
        whole.by(),
        whole.accuracy(),
        whole.calibrationError(),
        whole.classes(),
        whole.confusions().stream().limit(most).toList(),
        whole.wrong(),
        changes == null
            ? null
            : new ChangedAnswers(
                changes.lost(),
                changes.won(),
                changes.otherwise(),
                changes.lostImages().stream().limit(most).toList(),
                changes.wonImages().stream().limit(most).toList()));
  }
}
