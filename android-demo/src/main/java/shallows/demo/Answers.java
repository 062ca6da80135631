package shallows.demo;

import android.app.Activity;
import android.view.View;
import android.widget.AdapterView;
import android.widget.ArrayAdapter;
import android.widget.LinearLayout;
import android.widget.ProgressBar;
import android.widget.Spinner;
import android.widget.TextView;
import java.util.ArrayList;
import java.util.List;

/** The lower part of the main screen: the chosen model's answer, and all models beside it. */
final class Answers implements AdapterView.OnItemSelectedListener {
  private static final int TOP = 3;
  private static final int FINENESS = 1000;

  private final Activity activity;
  private final Spinner spinner;
  private ModelBundle bundle;
  private List<Answer> answers = List.of();
  private int chosen;

  Answers(Activity activity) {
    this.activity = activity;
    this.spinner = activity.findViewById(R.id.model);
    spinner.setOnItemSelectedListener(this);
  }

  int chosen() {
    return chosen;
  }

  void choose(int model) {
    chosen = model;
  }

  void of(ModelBundle opened) {
    bundle = opened;
    answers = List.of();
    List<String> titles = new ArrayList<>();
    for (ModelBundle.Model model : opened.models()) {
      titles.add(model.title());
    }
    ArrayAdapter<String> adapter =
        new ArrayAdapter<>(activity, android.R.layout.simple_spinner_item, titles);
    adapter.setDropDownViewResource(android.R.layout.simple_spinner_dropdown_item);
    chosen = Math.min(chosen, titles.size() - 1);
    spinner.setAdapter(adapter);
    spinner.setSelection(chosen);
  }

  void show(List<Answer> given) {
    if (bundle == null || given.size() != bundle.models().size()) {
      // From before the bundle was changed.
      return;
    }
    answers = given;
    StringBuilder rows = new StringBuilder();
    for (Answer answer : given) {
      int best = answer.top(1).get(0);
      rows.append(
              activity.getString(
                  R.string.row,
                  answer.model().title(),
                  bundle.labels().get(best),
                  Math.round(100 * answer.probabilities()[best]),
                  answer.milliseconds(),
                  size(answer.model().bytes())))
          .append('\n');
    }
    activity.<TextView>findViewById(R.id.compared).setText(rows.toString().trim());
    showChosen();
  }

  private static String size(long bytes) {
    return Math.round(bytes / 1000.0) + " kB";
  }

  private void showChosen() {
    if (chosen >= answers.size()) {
      return;
    }
    Answer answer = answers.get(chosen);
    List<Integer> top = answer.top(TOP);
    activity
        .<TextView>findViewById(R.id.answer)
        .setText(
            activity.getString(
                R.string.answered, bundle.labels().get(top.get(0)), answer.milliseconds()));
    LinearLayout bars = activity.findViewById(R.id.bars);
    bars.removeAllViews();
    for (int label : top) {
      float probability = answer.probabilities()[label];
      TextView text = new TextView(activity);
      text.setText(
          activity.getString(R.string.percent, bundle.labels().get(label), 100 * probability));
      bars.addView(text);
      ProgressBar bar = new ProgressBar(activity, null, android.R.attr.progressBarStyleHorizontal);
      bar.setMax(FINENESS);
      bar.setProgress(Math.round(FINENESS * probability));
      // The text above says the same.
      bar.setImportantForAccessibility(View.IMPORTANT_FOR_ACCESSIBILITY_NO);
      bars.addView(bar);
    }
  }

  @Override
  public void onItemSelected(AdapterView<?> parent, View view, int position, long id) {
    chosen = position;
    showChosen();
  }

  @Override
  public void onNothingSelected(AdapterView<?> parent) {
    // A bundle has at least one model, so one is always selected.
  }
}
