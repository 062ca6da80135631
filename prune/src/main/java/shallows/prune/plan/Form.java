package shallows.prune.plan;

import java.io.Serializable;
import java.util.EnumSet;
import java.util.Set;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.model.json.OrNull;

/**
 * What a block becomes.
 *
 * @param width share of its inner channels that stay, in (0, 1), where it becomes narrow; else null
 */
public record Form(Decision decision, @OrNull Double width) implements Serializable {
  private static final long serialVersionUID = 1;

  /** No form is fitted: blocks are dropped one by one. */
  public static final String NONE = "none";

  public static final Form KEEP = new Form(Decision.KEEP, null);
  public static final Form LINEAR = new Form(Decision.LINEAR, null);
  public static final Form SCALE = new Form(Decision.SCALE, null);
  public static final Form DROP = new Form(Decision.DROP, null);

  /** What a block may become by fitting alone, besides what it is. */
  public static final Set<Decision> MENU =
      Set.of(Decision.DROP, Decision.SCALE, Decision.NARROW, Decision.LINEAR);

  public Form {
    if (!isOne(decision, width)) {
      throw new IllegalArgumentException(
          "a narrow block, and no other, has a width between 0 and 1, found "
              + decision
              + " and "
              + width);
    }
  }

  static boolean isOne(Decision decision, Double width) {
    return decision == Decision.NARROW ? width != null && width > 0 && width < 1 : width == null;
  }

  /**
   * Some of the {@link #MENU}.
   *
   * @param text for example {@code drop,narrow}; {@link #NONE} for none of them
   * @throws BadInputException when it names anything else
   */
  public static Set<Decision> menu(String text) {
    Set<Decision> menu = EnumSet.noneOf(Decision.class);
    if (text.strip().equals(NONE)) {
      return menu;
    }
    for (String word : text.split(",", -1)) {
      menu.add(
          MENU.stream()
              .filter(decision -> decision.inWords().equals(word.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new BadInputException(
                          Setting.FORMS,
                          "some of drop, scale, narrow and linear, or none",
                          "'" + text + "'",
                          "for example drop,narrow")));
    }
    return menu;
  }

  /** Whether there are weights to fit. */
  public boolean isFitted() {
    return decision.isFitted();
  }

  public static Form narrow(double width) {
    return new Form(Decision.NARROW, width);
  }
}
