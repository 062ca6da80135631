package shallows.prune.plan;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.BadInputException;
import shallows.model.Expect;
import shallows.model.file.IoReason;
import shallows.model.json.OrNull;

/**
 * The larger networks that held-out images confirmed too, beside the one that is to ship: where
 * test images reject that, the next larger one takes its place. Then test images had a part in
 * choosing what ships, and its accuracy on them is not that of a network chosen without them; the
 * plan keeps what was rejected, so that everybody can tell.
 */
public final class LargerNetworks {
  /** Beside {@code plan.json}: a folder {@code 1}, {@code 2}, … for each, smallest first. */
  public static final String FOLDER = "candidates";

  private static final String PLAN = "plan.json";

  private LargerNetworks() {}

  /**
   * One of them.
   *
   * @param folder of its {@code model.onnx} and {@code plan.json}, from that of this plan
   * @param kept blocks
   * @param binarized blocks
   * @param dropped blocks
   * @param bytes as in its summary
   * @param macs for one image
   * @param heldOutAccuracy in [0, 1]
   * @param loss on held-out images
   */
  public record Entry(
      String folder,
      long kept,
      long binarized,
      long dropped,
      long bytes,
      long macs,
      double heldOutAccuracy,
      AccuracyLoss loss) {
    public Entry {
      Expect.require(
          folder.matches("|" + FOLDER + "/\\d{1,6}"), "folder", "none or one in " + FOLDER, folder);
    }

    public static Entry of(String folder, Plan plan) {
      return new Entry(
          folder,
          plan.count(Decision.KEEP),
          plan.count(Decision.BINARIZE),
          plan.count(Decision.DROP),
          plan.summary().bytes(),
          plan.summary().macs(),
          plan.summary().heldOutAccuracy(),
          plan.summary().loss());
    }
  }

  /**
   * A network that held-out images confirmed and test images rejected.
   *
   * @param network as it was
   * @param testAccuracy of the best of its files, in [0, 1]; null where none ran
   * @param testLoss of that file against the reference; null likewise
   */
  public record Rejected(
      Entry network, @OrNull Double testAccuracy, @OrNull AccuracyLoss testLoss) {}

  /**
   * Puts the next larger network in the place of the one that is to ship. Of a family that is the
   * next larger member that held-out images confirmed, and the other stays a member.
   *
   * @param folder of the prune stage as it is
   * @param fresh where it is written anew, an empty folder
   * @param testAccuracy of the best file that was rejected; null where none ran
   * @param testLoss of that file; null likewise
   * @return the plan of what is to ship now; it has one larger network fewer
   * @throws IllegalArgumentException when there is no larger network
   */
  public static Plan promoteNext(
      Path folder, Path fresh, Double testAccuracy, AccuracyLoss testLoss) {
    Plan before = Plan.read(folder.resolve(PLAN));
    List<Rejected> rejected = new ArrayList<>(before.rejected());
    rejected.add(new Rejected(Entry.of("", before), testAccuracy, testLoss));
    Path members = folder.resolve(Family.FILE);
    if (Files.exists(members)) {
      Family family = Family.read(members).promoted();
      family
          .members()
          .forEach(member -> copy(folder.resolve(member.name()), fresh.resolve(member.name())));
      family.write(fresh.resolve(Family.FILE));
      return promote(folder.resolve(family.chosen()), before, rejected, List.of(), fresh);
    }
    if (before.larger().isEmpty()) {
      throw new IllegalArgumentException(folder + " has no larger network");
    }
    List<Entry> larger = before.larger().subList(1, before.larger().size());
    larger.forEach(entry -> copy(folder.resolve(entry.folder()), fresh.resolve(entry.folder())));
    return promote(
        folder.resolve(before.larger().get(0).folder()), before, rejected, larger, fresh);
  }

  private static Plan promote(
      Path next, Plan before, List<Rejected> rejected, List<Entry> larger, Path fresh) {
    copy(next, fresh);
    Plan plan = Plan.read(next.resolve(PLAN)).insteadOf(before, rejected, larger);
    plan.write(fresh.resolve(PLAN));
    return plan;
  }

  private static void copy(Path from, Path to) {
    try {
      Files.walkFileTree(
          from,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes)
                throws IOException {
              Files.createDirectories(to.resolve(from.relativize(at)));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.copy(file, to.resolve(from.relativize(file)));
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new BadInputException(
          to, null, "cannot be written (" + IoReason.of(e) + ")", "free space, or prune again", e);
    }
  }
}
