package shallows.demo;

import android.content.Intent;
import android.os.Bundle;
import android.widget.RadioGroup;
import android.widget.TextView;

/** Every model a number of times with 1 to 4 threads, as a table that can be shared. */
public final class BenchmarkActivity extends Screen {
  private static final String TABLE = "table";

  public BenchmarkActivity() {
    super(R.layout.benchmark, true);
  }

  @Override
  protected void onCreate(Bundle saved) {
    super.onCreate(saved);
    if (saved != null) {
      app().benchmark().restore(saved.getString(TABLE));
    }
    onClick(R.id.run, this::run);
    onClick(R.id.share, this::share);
  }

  private void run() {
    BenchmarkRun benchmark = app().benchmark();
    if (benchmark.isRunning()) {
      benchmark.cancel();
    } else {
      benchmark.start(app(), runs());
    }
  }

  private int runs() {
    int chosen = this.<RadioGroup>findViewById(R.id.runs).getCheckedRadioButtonId();
    return chosen == R.id.few ? 10 : chosen == R.id.many ? 200 : 50;
  }

  private void show() {
    BenchmarkRun benchmark = app().benchmark();
    boolean empty = benchmark.table().isEmpty();
    this.<TextView>findViewById(R.id.table).setText(benchmark.table());
    this.<TextView>findViewById(R.id.run)
        .setText(benchmark.isRunning() ? R.string.stop : R.string.run);
    setVisible(R.id.working, benchmark.isRunning());
    setVisible(R.id.results, !empty);
    setVisible(R.id.hint, empty && !benchmark.isRunning());
    findViewById(R.id.share).setEnabled(!empty && !benchmark.isRunning());
  }

  private void share() {
    Intent send =
        new Intent(Intent.ACTION_SEND)
            .setType("text/plain")
            .putExtra(Intent.EXTRA_TEXT, app().benchmark().table());
    startActivity(Intent.createChooser(send, getString(R.string.share)));
  }

  @Override
  protected void onStart() {
    super.onStart();
    app().benchmark().listen(this::show);
    show();
  }

  @Override
  protected void onStop() {
    super.onStop();
    app().benchmark().listen(() -> {});
    if (isFinishing()) {
      app().benchmark().cancel();
    }
  }

  @Override
  protected void onSaveInstanceState(Bundle saved) {
    super.onSaveInstanceState(saved);
    BenchmarkRun benchmark = app().benchmark();
    saved.putString(TABLE, benchmark.isRunning() ? "" : benchmark.table());
  }
}
