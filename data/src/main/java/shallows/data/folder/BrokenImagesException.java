package shallows.data.folder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;

/**
 * Pictures that do not decode, all of them: the cause of the {@link BadInputException} that tells
 * the first ones.
 */
public final class BrokenImagesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** As many reasons, and of each as many files, are told in the line. */
  private static final int TOLD = 3;

  private final ArrayList<String> broken;

  /**
   * A picture that does not decode.
   *
   * @param source as people know it
   */
  public record Broken(String source, BadInputException failure) {
    String reason() {
      return failure.failure().found().toString().replaceFirst("^one that ", "");
    }

    @Override
    public String toString() {
      return source + ": " + reason();
    }
  }

  private BrokenImagesException(List<Broken> broken) {
    super(broken.get(0).failure());
    this.broken = new ArrayList<>(broken.stream().map(Broken::toString).toList());
  }

  /**
   * @param root they lie in
   * @param broken at least one
   * @param of how many pictures there are
   */
  public static BadInputException refusal(Object root, List<Broken> broken, int of) {
    Phrase line =
        broken.size() == 1
            ? Phrase.of(
                "%s, or leave such images out with %s",
                broken.get(0).failure().getMessage(), Setting.SKIP_BROKEN)
            : many(root, broken, of);
    return new BadInputException(null, null, line, null, new BrokenImagesException(broken));
  }

  private static Phrase many(Object root, List<Broken> broken, int of) {
    Map<String, List<String>> byReason =
        broken.stream()
            .collect(
                Collectors.groupingBy(
                    Broken::reason,
                    LinkedHashMap::new,
                    Collectors.mapping(Broken::source, Collectors.toList())));
    String reasons =
        byReason.entrySet().stream()
            .limit(TOLD)
            .map(reason -> some(reason.getValue()) + ": " + reason.getKey())
            .collect(Collectors.joining("; "));
    return Phrase.of(
        "%s: expected pictures that decode, found %s of %s that do not (%s%s); convert, replace or remove them, or leave"
            + " such images out with %s",
        root,
        broken.size(),
        of,
        reasons,
        byReason.size() > TOLD ? "; and others" : "",
        Setting.SKIP_BROKEN);
  }

  private static String some(List<String> sources) {
    String first = sources.stream().limit(TOLD).collect(Collectors.joining(", "));
    return sources.size() > TOLD ? first + " and " + (sources.size() - TOLD) + " more" : first;
  }

  /**
   * @param refusal that this is the cause of
   * @param file lists all of them
   * @return the same, saying so where there are several
   */
  public BadInputException listedIn(Path file, BadInputException refusal) {
    return broken.size() == 1
        ? refusal
        : new BadInputException(
            null, null, Phrase.of("%s; %s lists them all", refusal.failure().found(), file), null);
  }

  /** Each with its reason. */
  public List<String> broken() {
    return List.copyOf(broken);
  }
}
