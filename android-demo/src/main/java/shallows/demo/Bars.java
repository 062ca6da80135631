package shallows.demo;

import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import android.widget.ProgressBar;
import android.widget.TextView;
import java.util.List;
import java.util.Locale;

/** The most probable classes of an answer, each with a bar. */
final class Bars {
  private static final int TOP = 3;
  private static final int FINENESS = 1000;

  private Bars() {}

  static void show(ViewGroup parent, Answer answer, List<String> labels) {
    List<Integer> top = answer.top(TOP);
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
