package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.export.answers.Answers;
import shallows.export.answers.ChangedAnswers;
import shallows.export.answers.ChangedImage;

/** The pictures of images whose answer changed, no more than a page has room for. */
final class LostPictures {
  private static final int MOST = 80;

  /** Characters of all of them in the page: a fifth of the 3 MB that it may have. */
  private static final int ROOM = 600_000;

  private LostPictures() {}

  /** Indices of test images: those of what the page shows first, then those of all others. */
  static List<Integer> wanted(Report report) {
    List<Answers> answers = new ArrayList<>(report.verification().answers());
    if (answers.isEmpty()) {
      return List.of();
    }
    answers.add(0, LostView.shown(report));
    Set<Integer> wanted = new LinkedHashSet<>();
    for (Answers each : answers) {
      ChangedAnswers changes = each.changes();
      if (changes != null) {
        changes.lostImages().stream()
            .limit(LostView.LOST_LISTED)
            .map(ChangedImage::image)
            .forEach(wanted::add);
        changes.wonImages().stream()
            .limit(LostView.WON_LISTED)
            .map(ChangedImage::image)
            .forEach(wanted::add);
      }
    }
    return wanted.stream().limit(MOST).toList();
  }

  /** As the page has them, as many of the first as there is room for. */
  static Map<Integer, String> encoded(Map<Integer, Picture> pictures) {
    Map<Integer, String> encoded = new LinkedHashMap<>();
    int length = 0;
    for (Map.Entry<Integer, Picture> each : pictures.entrySet()) {
      String uri = PictureDataUri.of(each.getValue());
      length += uri.length();
      if (length > ROOM) {
        break;
      }
      encoded.put(each.getKey(), uri);
    }
    return encoded;
  }
}
