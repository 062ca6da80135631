package shallows.model.network;

import java.util.Optional;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;

/** A family of networks that share a way of naming their members. */
interface Architecture {
  /** How its members are named, for people, for example {@code resnet-20}. */
  String pattern();

  /**
   * Builds a member with fresh weights.
   *
   * @param name as a user wrote it
   * @param image shape {@code (C, H, W)} of the input
   * @param seed of the weights
   * @return empty if the name is not one of this family
   */
  Optional<Graph> create(String name, Shape image, Task task, long seed);
}
