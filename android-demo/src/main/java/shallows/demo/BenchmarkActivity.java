package shallows.demo;

import android.app.Activity;
import android.content.Intent;
import android.os.Build;
import android.os.Bundle;
import android.widget.TextView;

/** Every model with 1 to 4 threads, as a table that can be shared. */
public final class BenchmarkActivity extends Activity {
  private static final String TABLE = "table";

  private TextView table;

  @Override
  protected void onCreate(Bundle state) {
    super.onCreate(state);
    setContentView(R.layout.benchmark);
    table = findViewById(R.id.table);
    if (state != null) {
      table.setText(state.getString(TABLE));
    }
    findViewById(R.id.run).setOnClickListener(button -> measure());
    findViewById(R.id.share).setOnClickListener(button -> share());
  }

  @Override
  protected void onSaveInstanceState(Bundle state) {
    super.onSaveInstanceState(state);
    state.putString(TABLE, table.getText().toString());
  }

  private void measure() {
    table.setText(R.string.measuring);
    findViewById(R.id.run).setEnabled(false);
    ((DemoApplication) getApplication())
        .work(
            open -> Benchmark.table(open.bundle(), Build.MANUFACTURER + " " + Build.MODEL),
            this::tell,
            this::tell);
  }

  private void tell(String text) {
    table.setText(text);
    findViewById(R.id.run).setEnabled(true);
  }

  private void share() {
    Intent send =
        new Intent(Intent.ACTION_SEND)
            .setType("text/plain")
            .putExtra(Intent.EXTRA_TEXT, table.getText().toString());
    startActivity(Intent.createChooser(send, getString(R.string.share)));
  }
}
