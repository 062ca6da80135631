package shallows.train.loop;

import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import shallows.model.BadInputException;
import shallows.model.Expect;
import shallows.model.file.AtomicFile;
import shallows.model.file.IoReason;
import shallows.model.file.RegularFile;
import shallows.model.json.JsonFormat;
import shallows.train.checkpoint.Restorable;
import shallows.train.checkpoint.State;
import shallows.train.options.TrainingOptions;

/** The finished epochs of a training, and {@code history.csv}: for spreadsheets and people. */
public final class History implements Restorable {
  private static final String HEADER =
      "epoch,steps,learningRate,trainLoss,trainAccuracy,heldOutLoss,heldOutAccuracy,activeBlocks,"
          + "imagesPerSecond,seconds,rollbacks,waiting,phase,ended\n";
  private static final String EPOCHS = "epochs";
  private static final JsonFormat<List<Epoch>> FORMAT =
      new JsonFormat<>(new TypeToken<List<Epoch>>() {}, "epochs", null);

  private final List<Epoch> earlier;
  private final List<Epoch> epochs = new ArrayList<>();

  /**
   * @param earlier epochs before those of this training
   */
  History(List<Epoch> earlier) {
    this.earlier = List.copyOf(earlier);
  }

  /**
   * The epochs in a {@code history.csv}, with the digits that it has; none where there is no file.
   *
   * @throws BadInputException when it is none of ours
   */
  public static List<Epoch> read(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      List<String> lines = RegularFile.lines(file);
      Expect.require(
          !lines.isEmpty() && HEADER.equals(lines.get(0) + "\n"), "line 1", HEADER, "another");
      return lines.subList(1, lines.size()).stream().map(History::epoch).toList();
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new BadInputException(
          file,
          "the history of a training",
          e instanceof IOException io ? IoReason.of(io) : "other columns or no numbers",
          "run the stage that wrote it again",
          e);
    }
  }

  private static Epoch epoch(String line) {
    String[] cells = line.split(",");
    double[] numbers = Arrays.stream(cells, 0, 12).mapToDouble(Double::parseDouble).toArray();
    return new Epoch(
        Integer.parseInt(cells[0]),
        Integer.parseInt(cells[1]),
        numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
        numbers[6],
        numbers[7],
        numbers[8],
        numbers[9],
        Integer.parseInt(cells[10]),
        numbers[11],
        TrainingPhase.valueOf(cells[12].toUpperCase(Locale.ROOT)),
        TrainingEnd.valueOf(cells[13].toUpperCase(Locale.ROOT)));
  }

  void add(Epoch epoch) {
    epochs.add(epoch);
  }

  /** The earlier ones too. */
  List<Epoch> epochs() {
    return Stream.concat(earlier.stream(), epochs.stream()).toList();
  }

  /** What the next epoch is called: from 1, the earlier ones counted. */
  int next() {
    return earlier.size() + epochs.size() + 1;
  }

  /** How many epochs of this training are finished. */
  int size() {
    return epochs.size();
  }

  /**
   * Ends the training with the last epoch where it has come to its end.
   *
   * @param age how many epochs ago the best one was
   */
  void endIfDue(TrainingOptions options, int age, Safeguards safeguards) {
    int patience = options.selection().patience();
    if (size() == options.epochs()) {
      end(TrainingEnd.EPOCHS);
    } else if (patience > 0 && age >= patience) {
      end(TrainingEnd.PATIENCE);
    } else if (!safeguards.haveTimeAfter(epochs())) {
      end(TrainingEnd.TIME);
    }
  }

  private void end(TrainingEnd why) {
    epochs.set(epochs.size() - 1, last().ending(why));
  }

  /** Where it ended for want of time, it now has more. */
  void reopen() {
    if (!epochs.isEmpty() && last().ended() == TrainingEnd.TIME) {
      end(TrainingEnd.NO);
    }
  }

  Epoch last() {
    return epochs.get(epochs.size() - 1);
  }

  /** Since the training began, up to the end of the last epoch. */
  double seconds() {
    return epochs().stream().mapToDouble(Epoch::seconds).max().orElse(0);
  }

  @Override
  public State state() {
    return State.ofText(EPOCHS, JsonFormat.compact(epochs));
  }

  @Override
  public void restore(State state) {
    epochs.clear();
    epochs.addAll(state.value(EPOCHS, FORMAT));
  }

  /** Writes {@code history.csv}: one line an epoch. */
  void write(Path folder) {
    write(epochs(), folder);
  }

  /** The same of epochs. */
  public static void write(List<Epoch> epochs, Path folder) {
    StringBuilder csv = new StringBuilder(HEADER);
    for (Epoch epoch : epochs) {
      csv.append(
          String.format(
              Locale.ROOT,
              "%d,%d,%.6g,%.5f,%.5f,%.5f,%.5f,%.2f,%.1f,%.3f,%d,%.4f,%s,%s\n",
              epoch.epoch(),
              epoch.steps(),
              epoch.learningRate(),
              epoch.trainLoss(),
              epoch.trainAccuracy(),
              epoch.heldOutLoss(),
              epoch.heldOutAccuracy(),
              epoch.activeBlocks(),
              epoch.imagesPerSecond(),
              epoch.seconds(),
              epoch.rollbacks(),
              epoch.waiting(),
              epoch.phase(),
              epoch.ended()));
    }
    AtomicFile.writeText(folder.resolve(Trainer.HISTORY), csv.toString());
  }

  /**
   * An epoch for a log.
   *
   * @param epochs of the whole training
   * @param blocks of the network
   */
  public static Map<String, String> figures(Epoch epoch, int epochs, int blocks) {
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put("epoch", String.valueOf(epoch.epoch()));
    figures.put("epochs", String.valueOf(epochs));
    figures.put("loss", number("%.4f", epoch.trainLoss()));
    figures.put("accuracy", number("%.4f", epoch.trainAccuracy()));
    figures.put("heldOutLoss", number("%.4f", epoch.heldOutLoss()));
    figures.put("heldOutAccuracy", number("%.4f", epoch.heldOutAccuracy()));
    figures.put("activeBlocks", number("%.2f", epoch.activeBlocks()));
    figures.put("blocks", String.valueOf(blocks));
    figures.put("learningRate", number("%.4g", epoch.learningRate()));
    figures.put("imagesPerSecond", number("%.0f", epoch.imagesPerSecond()));
    figures.put("rollbacks", String.valueOf(epoch.rollbacks()));
    figures.put("waiting", number("%.4f", epoch.waiting()));
    return figures;
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
