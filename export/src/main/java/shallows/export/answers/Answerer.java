package shallows.export.answers;

import com.google.gson.annotations.SerializedName;
import java.nio.file.Path;
import shallows.export.ExportedNetwork;
import shallows.export.NetworkForm;
import shallows.model.Expect;
import shallows.model.json.OrNull;

/**
 * Whose answers they are.
 *
 * @param network which of a run's; null of a file that belongs to none
 * @param member of a family; null where there is none
 * @param file where an exported file answered; null where the network itself did
 */
public record Answerer(@OrNull Network network, @OrNull String member, @OrNull String file) {
  /** Which of a run's networks. */
  public enum Network {
    /** Somebody else's, as it came, where the full one is what training made of it. */
    @SerializedName("original")
    ORIGINAL,
    /** With all blocks. */
    @SerializedName("full")
    FULL,
    /** As it was pruned. */
    @SerializedName("pruned")
    PRUNED
  }

  public Answerer {
    Expect.require(network != null || file != null, "network", "one, or a file of none", "neither");
  }

  /** Somebody else's network as it came. */
  public static final Answerer ORIGINAL = new Answerer(Network.ORIGINAL, null, null);

  /** A network itself. */
  public static Answerer of(ExportedNetwork network) {
    return new Answerer(
        network.form() == NetworkForm.FULL ? Network.FULL : Network.PRUNED, network.member(), null);
  }

  /** A file of which nothing is known. */
  public static Answerer of(Path file) {
    return new Answerer(null, null, file.getFileName().toString());
  }

  /** A file of the same network. */
  public Answerer in(String name) {
    return new Answerer(network, member, name);
  }
}
