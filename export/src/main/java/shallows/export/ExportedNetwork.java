package shallows.export;

import java.util.Objects;
import shallows.model.graph.Graph;

/**
 * A network that files are written of.
 *
 * @param form which of a run's networks it is
 * @param member of the family that it is; null of the full network, and where there is no family
 * @param graph as it was trained or pruned, unfolded
 */
public record ExportedNetwork(NetworkForm form, String member, Graph graph) {
  /** Whether it is what the file holds, by what is said of the file. */
  public boolean isIn(ExportedFile file) {
    return form == file.network() && Objects.equals(member, file.member());
  }
}
