package shallows.export;

import com.google.gson.annotations.SerializedName;

/** Which of a run's networks a file holds. */
public enum NetworkForm {
  /** As it was trained, with all blocks: there for comparison. */
  @SerializedName("full")
  FULL,
  /** As it was pruned: what is shipped. */
  @SerializedName("pruned")
  PRUNED
}
