package shallows.demo;

import android.content.Context;
import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import android.widget.ProgressBar;
import android.widget.TextView;
import java.util.List;
import java.util.Locale;

/** The most probable classes of an answer, each with a bar, as many as were chosen. */
final class Bars {
  private static final int FINENESS = 1000;

  private Bars() {}

  /** The most probable class, or that none is as probable as was asked for. */
  static String best(Context context, Answer answer, List<String> labels) {
    List<Integer> shown = shown(context, answer);
    return shown.isEmpty() ? context.getString(R.string.unsure) : labels.get(shown.get(0));
  }

  private static List<Integer> shown(Context context, Answer answer) {
    return answer.top(Choice.CLASSES.of(context), Choice.LEAST.of(context) / 100f);
  }

  static void show(ViewGroup parent, Answer answer, List<String> labels) {
    List<Integer> top = shown(parent.getContext(), answer);
    while (parent.getChildCount() > top.size()) {
      parent.removeViewAt(parent.getChildCount() - 1);
    }
    while (parent.getChildCount() < top.size()) {
      LayoutInflater.from(parent.getContext()).inflate(R.layout.bar, parent);
    }
    for (int i = 0; i < top.size(); i++) {
      View row = parent.getChildAt(i);
      float probability = answer.probabilities()[top.get(i)];
      String label = labels.get(top.get(i));
      String percent = String.format(Locale.getDefault(), "%.1f %%", 100 * probability);
      row.<TextView>findViewById(R.id.label).setText(label);
      row.<TextView>findViewById(R.id.percent).setText(percent);
      row.<ProgressBar>findViewById(R.id.bar).setMax(FINENESS);
      row.<ProgressBar>findViewById(R.id.bar).setProgress(Math.round(FINENESS * probability));
      row.setContentDescription(label + ", " + percent);
    }
  }
}
