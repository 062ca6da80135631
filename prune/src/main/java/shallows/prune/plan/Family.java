package shallows.prune.plan;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import shallows.model.BadInputException;
import shallows.model.Expect;
import shallows.model.json.JsonFormat;

/**
 * {@code family.json}: the sizes that one training was cut to. Each has a folder of its name with
 * its plan and its network.
 *
 * @param chosen the member whose files stand for the pruned network where only one can
 * @param members largest first
 */
public record Family(String chosen, List<Member> members) {
  /** In the folder of the stage. */
  public static final String FILE = "family.json";

  static final JsonFormat<Family> JSON =
      new JsonFormat<>(Family.class, "the members of a family", "prune the run again");

  public Family {
    members = Expect.list("members", members);
    Expect.require(
        members.stream().anyMatch(member -> member.name().equals(chosen)),
        "chosen",
        "the name of a member",
        chosen);
  }

  /**
   * A member as pruning leaves it.
   *
   * @param network as it was written
   */
  public record NamedNetwork(String name, PrunedNetwork network) {}

  /**
   * @param name of its folder
   * @param summary what it was made for and what came of it
   * @param kept blocks
   * @param binarized blocks
   * @param dropped blocks
   */
  public record Member(String name, PlanSummary summary, long kept, long binarized, long dropped) {
    public Member {
      // It names a folder, and what a file says may not lead out of that.
      Expect.require(name.matches(FamilyMember.NAME), "name", "the name of a member", name);
      Expect.atLeast(0, "kept", kept);
      Expect.atLeast(0, "binarized", binarized);
      Expect.atLeast(0, "dropped", dropped);
    }

    static Member of(NamedNetwork named) {
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
  public static Family of(List<NamedNetwork> networks) {
    String chosen =
        networks.stream()
            .filter(named -> named.network().plan().summary().promise() != null)
            .min(Comparator.comparingLong(named -> named.network().plan().summary().bytes()))
            .orElse(networks.get(0))
            .name();
    return new Family(chosen, networks.stream().map(Member::of).toList());
  }

  /**
   * The next larger member that held-out images confirmed: what takes the place of the chosen one
   * where test images reject that. Empty where there is none.
   */
  public Optional<Member> larger() {
    int at = members.stream().map(Member::name).toList().indexOf(chosen);
    List<Member> confirmed =
        members.subList(0, at).stream()
            .filter(member -> member.summary().promise() != null)
            .toList();
    return confirmed.isEmpty()
        ? Optional.empty()
        : Optional.of(confirmed.get(confirmed.size() - 1));
  }

  /**
   * The same with that one as the chosen one.
   *
   * @throws IllegalArgumentException where there is none
   */
  Family promoted() {
    return new Family(
        larger()
            .orElseThrow(() -> new IllegalArgumentException("no member is larger than " + chosen))
            .name(),
        members);
  }

  /** The names of those that were not chosen, largest first. */
  public List<String> others() {
    return members.stream().map(Member::name).filter(name -> !name.equals(chosen)).toList();
  }

  public void write(Path file) {
    JSON.write(this, file);
  }

  /**
   * @throws BadInputException when the file is missing or damaged
   */
  public static Family read(Path file) {
    return JSON.read(file);
  }
}
