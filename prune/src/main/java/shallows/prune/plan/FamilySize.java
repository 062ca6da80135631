package shallows.prune.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;

/**
 * A member of a family as a person asks for it.
 *
 * @param name which its folder and its files bear
 * @param bytes the most that it may take
 */
public record FamilySize(String name, Limit bytes) {
  /** What a name stands for where no size is given: a share of the full network's bytes. */
  private static final Map<String, Double> PERCENT =
      Map.of("nano", 10.0, "small", 25.0, "base", 50.0);

  /**
   * What else networks, folders and files of a run are called: in {@code report.json} a member's
   * name stands where these do.
   */
  private static final Set<String> TAKEN =
      Set.of(
          "full",
          "pruned",
          "original",
          LargerNetworks.FOLDER,
          "fp32",
          "fp16",
          "int8",
          "int8-weights",
          "int4-weights",
          "binary",
          "binary-fast",
          "mixed");

  /**
   * Reads {@code nano,small,base} or {@code tiny=60KB,half=50%}.
   *
   * @throws BadInputException when a name is not known and has no size, is given twice, or cannot
   *     name a file
   */
  public static List<FamilySize> parse(String text) {
    List<FamilySize> sizes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String part : text.split(",", -1)) {
      String[] sides = part.strip().split("=", 2);
      String name = sides[0].strip();
      if (TAKEN.contains(name)) {
        throw new BadInputException(
            Setting.FAMILY,
            "names that stand for nothing else in a run",
            "'" + name + "'",
            "choose another, for example my-" + name);
      }
      if (!name.matches(FamilyMember.NAME) || !names.add(name)) {
        throw new BadInputException(
            Setting.FAMILY,
            "different names of lower-case letters, digits and dashes",
            "'" + name + "'",
            null);
      }
      if (sides.length == 1 && !PERCENT.containsKey(name)) {
        throw new BadInputException(
            Setting.FAMILY,
            "a size for '" + name + "'",
            "none",
            "write " + name + "=25%, or use one of " + new TreeMap<>(PERCENT).keySet());
      }
      sizes.add(
          new FamilySize(
              name,
              sides.length == 1
                  ? new Limit(PERCENT.get(name), true)
                  : Limit.parse(Phrase.of("%s %s", Setting.FAMILY, name), sides[1])));
    }
    return List.copyOf(sizes);
  }
}
