package shallows.model.network;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;

/** The architectures that can be asked for by name. */
public final class Networks {
  private static final List<Architecture> ARCHITECTURES =
      List.of(
          new CifarResnet(),
          new PreactivationResnet(),
          new WideResnet(),
          new BottleneckResnet(),
          new MobilenetV2());

  private Networks() {}

  /**
   * Builds a network with fresh weights.
   *
   * @param name for example {@code resnet-32-s2}
   * @param image shape {@code (C, H, W)} of the input
   * @param task its classes are as many as the network gets logits
   * @param seed of the weights
   * @throws BadInputException when no architecture knows the name, or the image is too small
   */
  public static Graph create(String name, Shape image, Task task, long seed) {
    for (Architecture architecture : ARCHITECTURES) {
      Optional<Graph> graph = architecture.create(name, image, task, seed);
      if (graph.isPresent()) {
        return graph.get();
      }
    }
    throw new BadInputException(
        "network '"
            + name
            + "' is not known; the known ones are "
            + ARCHITECTURES.stream().map(Architecture::pattern).collect(Collectors.joining(", ")));
  }
}
