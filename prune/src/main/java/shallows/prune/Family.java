package shallows.prune;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;

/**
 * {@code family.json}: the sizes that one training was cut to. Each has a folder of its name with
 * its plan and its network.
 *
 * @param chosen the member whose files stand for the pruned network where only one can
 * @param members largest first
 */
public record Family(String chosen, List<Member> members) {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  public Family {
    if (members == null || members.stream().noneMatch(member -> member.name().equals(chosen))) {
      throw new IllegalArgumentException("a family must have the member that was chosen");
    }
    members = List.copyOf(members);
  }

  /**
   * @param name of its folder
   * @param summary what it was made for and what came of it
   * @param kept blocks
   * @param binarized blocks
   * @param dropped blocks
   */
  public record Member(String name, PlanSummary summary, long kept, long binarized, long dropped) {
    static Member of(Pruner.NamedNetwork named) {
      Plan plan = named.network().plan();
      return new Member(
          named.name(),
          plan.summary(),
          plan.count(Decision.KEEP),
          plan.count(Decision.BINARIZE),
          plan.count(Decision.DROP));
    }
  }

  /**
   * The smallest that held-out images confirmed is chosen; where they confirmed none, the largest.
   *
   * @param networks largest first
   */
  public static Family of(List<Pruner.NamedNetwork> networks) {
    String chosen =
        networks.stream()
            .filter(named -> named.network().plan().summary().promise() != null)
            .min(Comparator.comparingLong(named -> named.network().plan().summary().bytes()))
            .orElse(networks.get(0))
            .name();
    return new Family(chosen, networks.stream().map(Member::of).toList());
  }

  /** The names of those that were not chosen, largest first. */
  public List<String> others() {
    return members.stream().map(Member::name).filter(name -> !name.equals(chosen)).toList();
  }

  public void write(Path file) {
    AtomicFile.writeText(file, GSON.toJson(this) + "\n");
  }

  /**
   * @throws BadInputException when the file is damaged
   */
  public static Family read(Path file) {
    try {
      Family family = GSON.fromJson(Files.readString(file), Family.class);
      if (family != null) {
        return family;
      }
    } catch (IOException | RuntimeException e) {
      throw damaged(file, e);
    }
    throw damaged(file, null);
  }

  private static BadInputException damaged(Path file, Exception cause) {
    return new BadInputException(
        file + ": expected the members of a family, found something else; prune the run again",
        cause);
  }
}
