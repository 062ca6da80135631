package shallows.demo;

import android.app.Activity;
import android.text.format.Formatter;
import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import android.widget.RadioButton;
import android.widget.RadioGroup;
import android.widget.Switch;
import android.widget.TextView;
import java.util.ArrayList;
import java.util.List;

/**
 * The lower part of the main screen: a choice of models, the answer of the chosen one, and on
 * demand all of them beside each other.
 */
final class Answers {
  private final Activity activity;
  private final RadioGroup choice;
  private final Switch compare;
  private final Runnable changed;
  private ModelBundle bundle;
  private int chosen;

  /**
   * @param changed called when other answers are wanted
   */
  Answers(Activity activity, Runnable changed) {
    this.activity = activity;
    this.changed = changed;
    this.choice = activity.findViewById(R.id.models);
    this.compare = activity.findViewById(R.id.compare);
    choice.setOnCheckedChangeListener((group, id) -> choose(id));
    compare.setOnCheckedChangeListener((view, on) -> changed.run());
    Choices.show(activity, changed);
  }

  int chosen() {
    return chosen;
  }

  boolean compares() {
    return compare.isChecked();
  }

  /**
   * Before the bundle is known.
   *
   * @param model index in it
   */
  void restore(int model, boolean compares) {
    chosen = model;
    compare.setChecked(compares);
  }

  void of(ModelBundle opened) {
    bundle = opened;
    chosen = Math.min(chosen, opened.models().size() - 1);
    // Else the group would take the button of this number for checked already.
    choice.clearCheck();
    choice.removeAllViews();
    for (int i = 0; i < opened.models().size(); i++) {
      RadioButton chip =
          (RadioButton) LayoutInflater.from(activity).inflate(R.layout.chip, choice, false);
      chip.setId(i);
      chip.setText(opened.models().get(i).title());
      choice.addView(chip);
    }
    choice.check(chosen);
  }

  /** Which models have to answer. */
  List<Integer> wanted() {
    List<Integer> wanted = new ArrayList<>();
    for (int i = 0; bundle != null && i < bundle.models().size(); i++) {
      if (compares() || i == chosen) {
        wanted.add(i);
      }
    }
    return wanted;
  }

  /**
   * @param given of {@link #wanted}; those of another bundle or of an earlier wish are ignored
   */
  void show(List<Answer> given) {
    Choices.tell(activity);
    for (Answer answer : given) {
      if (bundle != null && answer.model() == bundle.models().get(chosen)) {
        showChosen(answer);
        showAll(compares() ? given : List.of());
      }
    }
  }

  private void choose(int model) {
    if (model >= 0 && model != chosen) {
      chosen = model;
      changed.run();
    }
  }

  private void showChosen(Answer answer) {
    activity.findViewById(R.id.result).setVisibility(View.VISIBLE);
    activity
        .<TextView>findViewById(R.id.answer)
        .setText(Bars.best(activity, answer, bundle.labels()));
    activity
        .<TextView>findViewById(R.id.cost)
        .setText(
            activity.getString(
                R.string.cost, answer.model().title(), answer.milliseconds(), size(answer)));
    Bars.show(activity.findViewById(R.id.bars), answer, bundle.labels());
  }

  private void showAll(List<Answer> given) {
    ViewGroup rows = activity.findViewById(R.id.compared);
    rows.removeAllViews();
    rows.setVisibility(given.isEmpty() ? View.GONE : View.VISIBLE);
    for (Answer answer : given) {
      View row = LayoutInflater.from(activity).inflate(R.layout.row, rows, false);
      int best = answer.best();
      String percent =
          activity.getString(R.string.percent, Math.round(100 * answer.probabilities()[best]));
      String cost = activity.getString(R.string.size, size(answer), answer.milliseconds());
      row.<TextView>findViewById(R.id.title).setText(answer.model().title());
      row.<TextView>findViewById(R.id.details).setText(cost);
      row.<TextView>findViewById(R.id.label).setText(best(answer));
      row.<TextView>findViewById(R.id.percent).setText(percent);
      row.setContentDescription(
          activity.getString(
              R.string.compared, answer.model().title(), best(answer), percent, cost));
      rows.addView(row);
    }
  }

  private String best(Answer answer) {
    return bundle.labels().get(answer.best());
  }

  private String size(Answer answer) {
    return Formatter.formatShortFileSize(activity, answer.model().bytes());
  }
}
