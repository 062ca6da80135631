package shallows.prune.plan;

import java.io.Serializable;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.model.json.OrNull;

/**
 * What a block becomes.
 *
 * @param width share of its inner channels that stay, in (0, 1), where it becomes narrow, and where
 *     it becomes narrow and then binary; else null
 */
public record Form(Decision decision, @OrNull Double width) implements Serializable {
  private static final long serialVersionUID = 1;

  /** No form is fitted: blocks are dropped one by one. */
  public static final String NONE = "none";

  public static final Form KEEP = new Form(Decision.KEEP, null);
  public static final Form LINEAR = new Form(Decision.LINEAR, null);
  public static final Form SCALE = new Form(Decision.SCALE, null);
  public static final Form DROP = new Form(Decision.DROP, null);

  /** The word for blocks that get one bit a weight; fitting alone makes none of them. */
  private static final String BINARY = "binary";

  /** What a block may become by fitting alone, besides what it is. */
  public static final Set<Decision> MENU =
      Set.of(Decision.DROP, Decision.SCALE, Decision.NARROW, Decision.LINEAR);

  public Form {
    if (!isOne(decision, width)) {
      throw new IllegalArgumentException(
          "a narrow block has a width between 0 and 1, a binary one may, and no other, found "
              + decision
              + " and "
              + width);
    }
  }

  static boolean isOne(Decision decision, Double width) {
    if (width == null) {
      return decision != Decision.NARROW;
    }
    return (decision == Decision.NARROW || decision == Decision.BINARIZE) && width > 0 && width < 1;
  }

  /**
   * Some of the {@link #MENU}, perhaps with {@link Decision#BINARIZE} beside them, for blocks that
   * are as they were or narrow.
   *
   * @param text for example {@code drop,narrow,binary}; {@link #NONE} for none of them
   * @throws BadInputException when it names anything else, or binary blocks alone
   */
  public static Set<Decision> menu(String text) {
    Set<Decision> menu = EnumSet.noneOf(Decision.class);
    if (text.strip().equals(NONE)) {
      return menu;
    }
    for (String word : text.split(",", -1)) {
      menu.add(named(word.strip()).orElseThrow(() -> noMenu(text)));
    }
    if (menu.equals(Set.of(Decision.BINARIZE))) {
      throw noMenu(text);
    }
    return menu;
  }

  private static Optional<Decision> named(String word) {
    return word.equals(BINARY)
        ? Optional.of(Decision.BINARIZE)
        : MENU.stream().filter(decision -> decision.inWords().equals(word)).findFirst();
  }

  private static BadInputException noMenu(String text) {
    return new BadInputException(
        Setting.FORMS,
        "some of drop, scale, narrow and linear, binary beside them or not, or none",
        "'" + text + "'",
        "for example drop,narrow");
  }

  /** Whether there are weights to fit. */
  public boolean isFitted() {
    return decision.isFitted() || width != null;
  }

  /** What fitting makes of the block, before its weights get one bit each. */
  public Form fitted() {
    if (decision != Decision.BINARIZE) {
      return this;
    }
    return width == null ? KEEP : narrow(width);
  }

  public static Form narrow(double width) {
    return new Form(Decision.NARROW, width);
  }
}
