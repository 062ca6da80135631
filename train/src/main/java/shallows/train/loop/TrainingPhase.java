package shallows.train.loop;

import com.google.gson.annotations.SerializedName;
import java.util.Locale;

/** What an epoch trains. */
public enum TrainingPhase {
  /** The classifier alone, on features computed once. */
  @SerializedName("classifier")
  CLASSIFIER,
  /** All of the network. */
  @SerializedName("network")
  NETWORK;

  /** As {@code history.csv} has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
