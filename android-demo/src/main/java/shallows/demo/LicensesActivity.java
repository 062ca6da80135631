package shallows.demo;

import android.content.res.AssetManager;
import android.os.Bundle;
import android.view.View;
import android.view.ViewGroup;
import android.widget.TextView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** About the app: its version, what it is made of, and the licences of all that. */
public final class LicensesActivity extends Screen {
  private static final String FOLDER = "licenses";
  private static final String NOTICES = "notices.txt";

  public LicensesActivity() {
    super(R.layout.licenses, true);
  }

  @Override
  protected void onCreate(Bundle saved) {
    super.onCreate(saved);
    AssetManager assets = getAssets();
    app()
        .run(
            () -> texts(assets),
            texts -> {
              if (!isDestroyed()) {
                show(texts);
              }
            });
  }

  private static Map<String, String> texts(AssetManager assets) {
    Map<String, String> texts = new LinkedHashMap<>();
    BundleFiles files = new BundleFiles.Assets(assets, FOLDER);
    try {
      for (String name : assets.list(FOLDER)) {
        texts.put(name, new String(files.read(name), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new IllegalStateException("the app's own files can be read", e);
    }
    return texts;
  }

  private void show(Map<String, String> texts) {
    this.<TextView>findViewById(R.id.notices).setText(texts.remove(NOTICES));
    ViewGroup list = findViewById(R.id.texts);
    texts.forEach(
        (name, text) -> {
          View item = getLayoutInflater().inflate(R.layout.license, list, false);
          TextView title = item.findViewById(R.id.title);
          TextView body = item.findViewById(R.id.text);
          title.setText(name.equals("LICENSE") ? "Apache-2.0" : name.replace(".txt", ""));
          title.setOnClickListener(
              clicked -> {
                boolean opens = body.getVisibility() != View.VISIBLE;
                body.setText(text);
                body.setVisibility(opens ? View.VISIBLE : View.GONE);
              });
          list.addView(item);
        });
  }
}
