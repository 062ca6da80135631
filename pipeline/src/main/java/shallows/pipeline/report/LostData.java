package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.export.answers.Answers;
import shallows.export.answers.ChangedAnswers;
import shallows.export.answers.ChangedImage;
import shallows.export.answers.ClassAnswers;

/**
 * Answers as the page's script has them: short, since there are dozens of networks and files with
 * hundreds of confusions each.
 */
final class LostData {
  private LostData() {}

  /**
   * @param names of what has answered, for people
   * @param all their answers, those that all are compared with first
   * @param shown index of those that are shown first
   * @param pictures of images, by index
   */
  static String json(
      List<String> classes,
      List<String> names,
      List<Answers> all,
      int shown,
      Map<Integer, String> pictures) {
    List<Map<String, Object>> of = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      of.add(drawn(names.get(i), all.get(i)));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("classes", classes);
    json.put("images", all.get(0).classes().stream().map(ClassAnswers::images).toList());
    json.put("shown", shown);
    json.put("reference", 0);
    json.put("of", of);
    json.put("pictures", pictures);
    return SelfContainedPage.json(json);
  }

  private static Map<String, Object> drawn(String name, Answers each) {
    ChangedAnswers changes = each.changes();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put(
        "cells",
        each.confusions().stream()
            .map(cell -> List.of(cell.label(), cell.answer(), cell.images()))
            .toList());
    json.put("whole", each.hasAllConfusions());
    json.put("right", each.classes().stream().map(ClassAnswers::right).toList());
    json.put("compared", changes != null);
    json.put("lost", changes == null ? 0 : changes.lost());
    json.put("won", changes == null ? 0 : changes.won());
    json.put(
        "lostImages",
        changes == null ? List.of() : drawn(changes.lostImages(), LostView.LOST_LISTED));
    json.put(
        "wonImages", changes == null ? List.of() : drawn(changes.wonImages(), LostView.WON_LISTED));
    return json;
  }

  private static List<List<Object>> drawn(List<ChangedImage> images, int most) {
    return images.stream()
        .limit(most)
        .map(
            each ->
                List.<Object>of(
                    each.image(),
                    each.source(),
                    each.label(),
                    each.before(),
                    each.beforeProbability(),
                    each.after(),
                    each.afterProbability()))
        .toList();
  }
}
