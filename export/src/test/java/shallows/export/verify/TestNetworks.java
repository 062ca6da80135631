package shallows.export.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shallows.export.ExportedNetwork;
import shallows.export.NetworkForm;
import shallows.model.graph.Graph;

/** Networks as {@link Verifier} wants them. */
final class TestNetworks {
  private TestNetworks() {}

  static List<ExportedNetwork> of(Graph full, Optional<Graph> pruned) {
    List<ExportedNetwork> networks = new ArrayList<>();
    networks.add(new ExportedNetwork(NetworkForm.FULL, null, full));
    pruned.ifPresent(graph -> networks.add(new ExportedNetwork(NetworkForm.PRUNED, null, graph)));
    return networks;
  }
}
