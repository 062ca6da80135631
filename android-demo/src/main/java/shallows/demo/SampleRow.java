package shallows.demo;

import android.content.Context;
import android.view.LayoutInflater;
import android.view.ViewGroup;
import android.widget.ImageButton;
import java.util.function.Consumer;
import shallows.data.decode.ImagePixels;

/** The samples of a bundle, one button each. */
final class SampleRow {
  private final ViewGroup row;

  SampleRow(ViewGroup row) {
    this.row = row;
  }

  /**
   * @param chosen gets the sample whose button was pressed
   */
  void show(OpenedBundle opened, Consumer<ImagePixels> chosen) {
    Context context = row.getContext();
    ModelBundle bundle = opened.bundle();
    row.removeAllViews();
    for (int i = 0; i < opened.samples().size(); i++) {
      ImagePixels sample = opened.samples().get(i);
      ImageButton button =
          (ImageButton) LayoutInflater.from(context).inflate(R.layout.sample, row, false);
      Pictures.show(sample, button);
      String label = bundle.labels().get(bundle.samples().get(i).label());
      button.setContentDescription(context.getString(R.string.sample, i + 1, label));
      button.setOnClickListener(clicked -> chosen.accept(sample));
      row.addView(button);
    }
  }
}
