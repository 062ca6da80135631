package shallows.train.checkpoint;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.train.Epoch;
import shallows.train.statistics.StepLog;

/**
 * Where a training stands after an epoch. Shuffling, augmentation and gates are derived from seed,
 * epoch and step, so no generator's state is among it.
 *
 * @param identity what the training is of: options, network, images, each as a text. Another
 *     training cannot go on from here
 * @param parameters as they are trained: real weights of binary convolutions, running statistics
 * @param velocities of the trained parameters
 * @param lastLosses of each training image when it was last seen, NaN for never
 * @param steps everything up to here
 * @param history one entry an epoch, so its length says which epoch was the last
 */
public record Checkpoint(
    Map<String, String> identity,
    Map<String, Tensor> parameters,
    Map<String, Tensor> velocities,
    float[] lastLosses,
    StepLog steps,
    List<Epoch> history) {
  private static final String FORMAT = "shallows.checkpoint";
  private static final String VERSION = "1";
  private static final String PARAMETER = "parameter:";
  private static final String VELOCITY = "velocity:";
  private static final String LAST_LOSSES = "last losses";
  private static final String MASKS = "steps: masks";
  private static final String LOSSES = "steps: losses";
  private static final String DIFFICULTIES = "steps: difficulties";
  private static final String BLOCKS = "steps: blocks";
  private static final String HISTORY = "history";
  private static final String IDENTITY = "identity";

  /** Replaces the file in one move. */
  public void write(Path file) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.forEach((name, value) -> tensors.put(PARAMETER + name, value));
    velocities.forEach((name, value) -> tensors.put(VELOCITY + name, value));
    tensors.put(LAST_LOSSES, Tensor.vector(lastLosses));
    float[] losses = new float[steps.size()];
    float[] difficulties = new float[steps.size()];
    int blocks = steps.blocks().size();
    float[] masks = new float[steps.size() * blocks];
    for (int step = 0; step < steps.size(); step++) {
      losses[step] = steps.loss(step);
      difficulties[step] = steps.difficulty(step);
      for (int b = 0; b < blocks; b++) {
        masks[step * blocks + b] = steps.isOn(step, b) ? 1 : 0;
      }
    }
    tensors.put(LOSSES, Tensor.vector(losses));
    tensors.put(DIFFICULTIES, Tensor.vector(difficulties));
    if (blocks > 0) {
      tensors.put(MASKS, new Tensor(Shape.of(steps.size(), blocks), masks));
    }
    Gson gson = new Gson();
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(FORMAT, VERSION);
    texts.put(IDENTITY, gson.toJson(identity));
    texts.put(BLOCKS, gson.toJson(steps.blocks()));
    texts.put(HISTORY, gson.toJson(history));
    SafeTensors.write(file, new NamedTensors(tensors, texts));
  }

  /**
   * @throws BadInputException when the file is damaged or something else
   */
  public static Checkpoint read(Path file) {
    NamedTensors content = SafeTensors.read(file);
    if (!VERSION.equals(content.texts().get(FORMAT))) {
      throw new BadInputException(
          file
              + ": expected a checkpoint of version "
              + VERSION
              + ", found a safetensors file of another kind; delete it, or resume elsewhere");
    }
    try {
      return parse(content);
    } catch (JsonParseException | NullPointerException | IllegalArgumentException e) {
      throw new BadInputException(
          file
              + ": expected a whole checkpoint, found one with parts missing; delete it, and"
              + " training starts from the beginning",
          e);
    }
  }

  private static Checkpoint parse(NamedTensors content) {
    Gson gson = new Gson();
    Map<String, String> texts = content.texts();
    List<String> blocks = gson.fromJson(texts.get(BLOCKS), new TypeToken<List<String>>() {});
    StepLog steps = new StepLog(blocks);
    float[] losses = content.tensors().get(LOSSES).values();
    float[] difficulties = content.tensors().get(DIFFICULTIES).values();
    for (int step = 0; step < losses.length; step++) {
      boolean[] on = new boolean[blocks.size()];
      for (int b = 0; b < on.length; b++) {
        on[b] = content.tensors().get(MASKS).values()[step * on.length + b] != 0;
      }
      steps.append(on, losses[step], difficulties[step]);
    }
    return new Checkpoint(
        gson.fromJson(texts.get(IDENTITY), new TypeToken<Map<String, String>>() {}),
        named(PARAMETER, content),
        named(VELOCITY, content),
        content.tensors().get(LAST_LOSSES).values(),
        steps,
        gson.fromJson(texts.get(HISTORY), new TypeToken<List<Epoch>>() {}));
  }

  private static Map<String, Tensor> named(String prefix, NamedTensors content) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    content
        .tensors()
        .forEach(
            (name, value) -> {
              if (name.startsWith(prefix)) {
                tensors.put(name.substring(prefix.length()), value);
              }
            });
    return tensors;
  }

  /**
   * @param file for the message
   * @param other of the training that wants to go on from here
   * @throws BadInputException naming the first thing that differs
   */
  public void requireIdentity(Path file, Map<String, String> other) {
    for (Map.Entry<String, String> expected : other.entrySet()) {
      String found = identity.get(expected.getKey());
      if (!expected.getValue().equals(found)) {
        throw new BadInputException(
            "%s: expected a checkpoint of this training (%s %s), found %s; resume with the options"
                    .formatted(file, expected.getKey(), expected.getValue(), found)
                + " it was started with, or train into another folder");
      }
    }
  }
}
