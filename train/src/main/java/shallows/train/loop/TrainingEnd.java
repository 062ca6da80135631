package shallows.train.loop;

import com.google.gson.annotations.SerializedName;
import java.util.Locale;

/** Whether a training ended with an epoch, and why. */
public enum TrainingEnd {
  /** It went on. */
  @SerializedName("no")
  NO,
  /** It was the last one asked for. */
  @SerializedName("epochs")
  EPOCHS,
  /** Too many epochs had brought nothing better. */
  @SerializedName("patience")
  PATIENCE,
  /** There was no time for another one. */
  @SerializedName("time")
  TIME;

  /** As {@code history.csv} has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
