package shallows.demo;

import android.content.Context;
import android.content.SharedPreferences;
import android.os.Bundle;
import android.view.View;
import android.view.ViewGroup;
import android.widget.ImageView;
import android.widget.TextView;
import java.util.List;
import java.util.Locale;

/**
 * The self-check: comes up by itself when a bundle is used for the first time, and says whether its
 * models give on this phone what they gave when they were verified.
 */
public final class CheckActivity extends Screen {
  private static final String PREFERENCES = "check";
  private static final String PASSED = "passed";

  /** What was found, and of which bundle. */
  private record Found(ModelBundle bundle, List<SelfCheck.Result> results) {}

  public CheckActivity() {
    super(R.layout.check, true);
  }

  /** Whether this very bundle passed on this phone. */
  static boolean hasPassed(Context context, ModelBundle bundle) {
    return bundle.identity().equals(preferences(context).getString(PASSED, null));
  }

  private static SharedPreferences preferences(Context context) {
    return context.getSharedPreferences(PREFERENCES, MODE_PRIVATE);
  }

  @Override
  protected void onCreate(Bundle saved) {
    super.onCreate(saved);
    onClick(R.id.done, this::finish);
    onClick(R.id.again, this::check);
    onClick(
        R.id.own,
        () -> {
          app().change(BundleStore::forget);
          check();
        });
    check();
  }

  private void check() {
    this.<TextView>findViewById(R.id.verdict).setText(R.string.checking);
    this.<TextView>findViewById(R.id.advice).setText("");
    this.<ViewGroup>findViewById(R.id.results).removeAllViews();
    setVisible(R.id.own, false);
    setVisible(R.id.again, false);
    work(
        open -> new Found(open.bundle(), SelfCheck.of(open)),
        this::show,
        problem -> show(false, getString(R.string.check_broken), problem));
  }

  private void show(Found found) {
    ViewGroup rows = findViewById(R.id.results);
    boolean passed = true;
    for (SelfCheck.Result result : found.results) {
      passed &= result.passed();
      View row = getLayoutInflater().inflate(R.layout.checked, rows, false);
      String details =
          result.passed()
              ? getString(
                  R.string.check_details,
                  result.same(),
                  result.samples(),
                  String.format(Locale.getDefault(), "%.2g", result.difference()),
                  String.format(Locale.getDefault(), "%.2g", result.allowed()))
              : result.problem();
      row.<TextView>findViewById(R.id.title).setText(result.model().title());
      row.<TextView>findViewById(R.id.details).setText(details);
      mark(row.findViewById(R.id.mark), result.passed());
      row.setContentDescription(
          getString(
              result.passed() ? R.string.check_row_passed : R.string.check_row_failed,
              result.model().title(),
              details));
      rows.addView(row);
    }
    if (passed) {
      preferences(this).edit().putString(PASSED, found.bundle.identity()).apply();
    }
    show(
        passed,
        getString(passed ? R.string.check_passed : R.string.check_failed),
        getString(
            passed ? R.string.check_passed_advice : R.string.check_failed_advice,
            found.bundle.samples().size()));
  }

  private void show(boolean passed, String verdict, String advice) {
    this.<TextView>findViewById(R.id.verdict).setText(verdict);
    this.<TextView>findViewById(R.id.advice).setText(advice);
    mark(findViewById(R.id.mark), passed);
    setVisible(R.id.mark, true);
    setVisible(R.id.again, !passed);
    setVisible(R.id.own, !passed && app().store().isLoaded());
  }

  private void mark(ImageView view, boolean passed) {
    view.setImageResource(passed ? R.drawable.passed : R.drawable.failed);
  }
}
