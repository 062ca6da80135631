package shallows.prune;

/**
 * One size that a network is wanted in.
 *
 * @param name which names its folder and its files too: lower-case letters, digits and dashes
 * @param budget what it may cost
 */
public record FamilyMember(String name, Budget budget) {
  public FamilyMember {
    if (!name.matches("[a-z][a-z0-9-]{0,30}")) {
      throw new IllegalArgumentException(
          "a member's name must be lower-case letters, digits and dashes, found '" + name + "'");
    }
  }
}
