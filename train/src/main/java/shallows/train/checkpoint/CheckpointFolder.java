package shallows.train.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.IoReason;

/**
 * The checkpoints of one training: {@code step-<steps done>.safetensors}, the last three of them
 * and the last two from the end of an epoch.
 *
 * @param folder may hold other files as well
 * @param stepsAnEpoch tells which ones are from the end of an epoch
 */
public record CheckpointFolder(Path folder, int stepsAnEpoch) {
  private static final int KEPT = 3;

  /** Two, since the last may already hold what makes the loss grow. */
  private static final int EPOCHS_KEPT = 2;

  /** In the place of a way out, where there is one already. */
  private static final String INSTEAD = "the one before it is tried";

  private static final Pattern NAME = Pattern.compile("step-(\\d{10,18})\\.safetensors");

  /**
   * A checkpoint and where it lies.
   *
   * @param file for messages
   */
  public record Found(Path file, Checkpoint checkpoint) {}

  /** Where the checkpoint of a step lies. */
  public Path file(long step) {
    return folder.resolve(String.format(Locale.ROOT, "step-%010d.safetensors", step));
  }

  /** Writes a checkpoint and takes away all but the last three and the last two epochs'. */
  public void keep(Checkpoint checkpoint) {
    checkpoint.write(file(checkpoint.step()));
    List<Path> files = files();
    List<Path> epochs = files.stream().filter(this::isOfEpoch).limit(EPOCHS_KEPT).toList();
    files.stream()
        .skip(KEPT)
        .filter(file -> !epochs.contains(file))
        .forEach(CheckpointFolder::delete);
  }

  /**
   * The newest checkpoint that is whole.
   *
   * @param remarks hears of each newer one that is not
   * @return empty where there is none at all
   * @throws BadInputException when there are some and none is whole
   */
  public Optional<Found> newest(Consumer<String> remarks) {
    return newest(files(), remarks);
  }

  /**
   * The newest one from the end of an epoch, or from the beginning of the training.
   *
   * @param before only those of earlier steps
   * @param remarks hears of each newer one that is damaged
   * @return empty where there is none
   * @throws BadInputException when there are some and none is whole
   */
  public Optional<Found> newestEpoch(long before, Consumer<String> remarks) {
    return newest(
        files().stream().filter(this::isOfEpoch).filter(file -> step(file) < before).toList(),
        remarks);
  }

  private static Optional<Found> newest(List<Path> files, Consumer<String> remarks) {
    BadInputException damage = null;
    for (Path file : files) {
      if (damage != null) {
        remarks.accept(damage.getMessage().replace(SafeTensors.WAY_OUT, INSTEAD));
      }
      try {
        return Optional.of(new Found(file, Checkpoint.read(file)));
      } catch (BadInputException e) {
        damage = e;
      }
    }
    if (damage != null) {
      throw damage;
    }
    return Optional.empty();
  }

  private boolean isOfEpoch(Path file) {
    return step(file) % stepsAnEpoch == 0;
  }

  private static long step(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    return name.matches() ? Long.parseLong(name.group(1)) : -1;
  }

  /** Takes the checkpoints away that are of later steps. */
  public void forgetAfter(long step) {
    files().stream().filter(file -> step(file) > step).forEach(CheckpointFolder::delete);
  }

  /** Takes all checkpoints away, and the folder if nothing else is in it. */
  public void clear() {
    files().forEach(CheckpointFolder::delete);
    if (isEmpty()) {
      delete(folder);
    }
  }

  private boolean isEmpty() {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw BadInputException.of(
          file,
          "cannot be deleted (" + IoReason.of(e) + ")",
          Phrase.of("delete it, or choose another %s", Setting.OUT),
          e);
    }
  }

  /** Newest first. */
  private List<Path> files() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> step(file) >= 0)
          .sorted(Comparator.comparingLong(CheckpointFolder::step).reversed())
          .toList();
    } catch (IOException e) {
      throw BadInputException.of(
          folder,
          "cannot be read (" + IoReason.of(e) + ")",
          Phrase.of("choose another %s", Setting.OUT),
          e);
    }
  }
}
