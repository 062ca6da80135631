package shallows.train.loop;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Tensor;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.TrainingOptions;

/**
 * Says in texts what a training is of, so that a checkpoint of another one is recognized and the
 * difference can be named. Networks and images are told apart by a hash of all they hold.
 */
public final class TrainingIdentity {
  /** 16 hexadecimal digits tell trainings apart; nobody forges a checkpoint here. */
  private static final int DIGITS = 16;

  private TrainingIdentity() {}

  static Map<String, String> of(
      Trainee trainee, LabelledImages images, TrainingOptions options, Compute compute) {
    Map<String, String> identity = new LinkedHashMap<>();
    addLeaves("", new Gson().toJsonTree(options).getAsJsonObject(), identity);
    addLeaves(
        "stochasticDepth.", new Gson().toJsonTree(trainee.depth()).getAsJsonObject(), identity);
    if (options.batching().normalized() == Batching.WHOLE) {
      // Another number rounds otherwise: the end would depend on where it was interrupted.
      identity.put("threads", String.valueOf(compute.processors()));
    }
    identity.put(
        "layer rates", trainee.rates().others() + " " + new TreeSet<>(trainee.rates().full()));
    identity.put("network", hash(trainee.graph()));
    identity.put("training images", hash(images));
    return identity;
  }

  /** Every option under its path, for example {@code optimizer.momentum}. */
  private static void addLeaves(String path, JsonObject options, Map<String, String> identity) {
    for (Map.Entry<String, JsonElement> option : options.entrySet()) {
      JsonElement value = option.getValue();
      if (value.isJsonObject()) {
        addLeaves(path + option.getKey() + ".", value.getAsJsonObject(), identity);
      } else {
        identity.put(
            path + option.getKey(),
            value.isJsonPrimitive() ? value.getAsString() : value.toString());
      }
    }
  }

  /** Of all that a graph computes: 16 hexadecimal digits. */
  public static String hash(Graph graph) {
    MessageDigest digest = sha256();
    update(digest, graph.input() + graph.output() + graph.blocks() + graph.task());
    for (Node node : graph.nodes()) {
      update(digest, node.name() + node.operation() + node.inputs());
    }
    for (Map.Entry<String, Tensor> parameter : graph.parameters().entrySet()) {
      update(digest, parameter.getKey() + parameter.getValue().shape());
      float[] values = parameter.getValue().values();
      ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
      bytes.asFloatBuffer().put(values);
      digest.update(bytes);
    }
    return hex(digest);
  }

  /** Of the pixels, labels and classes of images in their order: 16 hexadecimal digits. */
  public static String hash(LabelledImages images) {
    MessageDigest digest = sha256();
    update(digest, images.classes().toString());
    images.readAhead();
    for (int i = 0; i < images.size(); i++) {
      digest.update(images.image(i));
      digest.update((byte) images.label(i));
    }
    return hex(digest);
  }

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
