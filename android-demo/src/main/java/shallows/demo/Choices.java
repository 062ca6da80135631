package shallows.demo;

import android.app.Activity;
import android.content.Context;
import android.view.View;
import android.view.ViewGroup;
import android.widget.Button;
import android.widget.Switch;
import android.widget.TextView;

/** A row for each {@link Choice}: less, the value, more; and a switch for {@link Nnapi}. */
final class Choices {
  private Choices() {}

  /**
   * Fills the part of a screen that is for it.
   *
   * @param changed called when another value was chosen
   */
  static void show(Activity screen, Runnable changed) {
    ViewGroup rows = screen.findViewById(R.id.choices);
    for (Choice choice : Choice.values()) {
      View row = screen.getLayoutInflater().inflate(R.layout.choice, rows, false);
      row.<TextView>findViewById(R.id.title).setText(choice.words(screen));
      button(row, R.id.less, R.string.less, choice, -1, changed);
      button(row, R.id.more, R.string.more, choice, 1, changed);
      show(row, choice);
      rows.addView(row);
    }
    Switch nnapi = screen.findViewById(R.id.nnapi);
    nnapi.setVisibility(Nnapi.isOffered() ? View.VISIBLE : View.GONE);
    nnapi.setOnClickListener(
        clicked -> {
          Nnapi.want(screen, nnapi.isChecked());
          changed.run();
        });
    tell(screen);
  }

  /** Shows what became of NNAPI when models were opened. */
  static void tell(Activity screen) {
    String told = Nnapi.told(screen);
    screen.<Switch>findViewById(R.id.nnapi).setChecked(Nnapi.isWanted(screen));
    TextView state = screen.findViewById(R.id.nnapi_state);
    // The same text again would be read out again.
    if (!told.contentEquals(state.getText())) {
      state.setText(told);
    }
    state.setVisibility(told.isEmpty() ? View.GONE : View.VISIBLE);
  }

  private static void button(
      View row, int id, int words, Choice choice, int direction, Runnable changed) {
    Context context = row.getContext();
    Button button = row.findViewById(id);
    button.setContentDescription(context.getString(words, choice.words(context)));
    button.setOnClickListener(
        clicked -> {
          choice.step(context, direction);
          show(row, choice);
          changed.run();
        });
  }

  private static void show(View row, Choice choice) {
    Context context = row.getContext();
    row.<TextView>findViewById(R.id.value).setText(choice.shown(context));
    row.findViewById(R.id.less).setEnabled(choice.canStep(context, -1));
    row.findViewById(R.id.more).setEnabled(choice.canStep(context, 1));
  }
}
