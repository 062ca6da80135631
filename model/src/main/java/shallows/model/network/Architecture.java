package shallows.model.network;

import java.util.Optional;
import java.util.regex.Pattern;
import shallows.model.graph.Graph;

/** A family of networks that share a way of naming their members. */
interface Architecture {
  /** How its members are named, for people, for example {@code resnet-20}. */
  String pattern();

  /** What the names of its members match, with a group for each part that they differ in. */
  Pattern names();

  /**
   * Builds a member with fresh weights.
   *
   * @param asked by a name that matches
   * @return empty if the family has no member of these numbers
   */
  Optional<Graph> create(AskedNetwork asked);
}
