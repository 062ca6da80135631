package shallows.demo;

import android.content.ActivityNotFoundException;
import android.content.ClipData;
import android.content.Intent;
import android.net.Uri;
import android.os.Bundle;
import android.view.Menu;
import android.view.MenuItem;
import android.widget.TextView;
import java.io.IOException;
import java.util.List;
import shallows.data.decode.ImagePixels;

/** Takes a picture from anywhere and shows what the models say of it. */
public final class MainActivity extends Screen {
  private static final int CAMERA = 1;
  private static final int GALLERY = 2;
  private static final int DRAWING = 3;
  private static final int ZIP = 4;
  private static final int FOLDER = 5;
  private static final String CHOSEN = "chosen";
  private static final String COMPARES = "compares";
  private static final String PICTURE = "picture";
  private static final String READING = "reading";

  /** Stands for the picture that the camera or the drawing screen left in the cache. */
  private static final Uri HANDED_OVER = Uri.parse("app:handed-over");

  private Answers answers;

  /** As the network sees it; null before the first one. */
  private ImagePixels picture;

  /** Whether a picture of an earlier life of this screen is still to be shown. */
  private boolean restores;

  /** What is being read; null when nothing is. */
  private Uri reading;

  public MainActivity() {
    super(R.layout.main, false);
  }

  @Override
  protected void onCreate(Bundle saved) {
    super.onCreate(saved);
    answers = new Answers(this, this::classify);
    onClick(R.id.camera, this::photograph);
    onClick(
        R.id.gallery, () -> ask(new Intent(Intent.ACTION_GET_CONTENT).setType("image/*"), GALLERY));
    onClick(R.id.draw, () -> ask(new Intent(this, DrawActivity.class), DRAWING));
    onClick(R.id.invert, this::invert);
    if (saved != null) {
      answers.restore(saved.getInt(CHOSEN), saved.getBoolean(COMPARES));
      restores = saved.getBoolean(PICTURE);
    }
    open();
    if (saved == null) {
      receive(getIntent());
    } else if (saved.containsKey(READING)) {
      read(Uri.parse(saved.getString(READING)));
    }
  }

  /** Opens the bundle in use and shows its samples; at its first use its models are checked. */
  private void open() {
    say(getString(R.string.opening));
    boolean wanted = restores;
    work(open -> OpenedBundle.of(open, wanted ? getCacheDir() : null), this::opened, this::say);
  }

  private void opened(OpenedBundle opened) {
    ModelBundle bundle = opened.bundle();
    say("");
    getActionBar().setSubtitle(getString(R.string.subtitle, bundle.name(), bundle.data()));
    setVisible(R.id.draw, bundle.isOfDrawings());
    setVisible(R.id.invert, bundle.isOfDrawings());
    new SampleRow(findViewById(R.id.samples)).show(opened, this::show);
    answers.of(bundle);
    restores = false;
    if (opened.earlier() != null) {
      show(opened.earlier());
    } else if (picture == null && reading == null && !opened.samples().isEmpty()) {
      show(opened.samples().get(0));
    }
    if (!CheckActivity.hasPassed(this, bundle)) {
      startActivity(new Intent(this, CheckActivity.class));
    }
  }

  /**
   * @param fitted as the network sees it
   */
  private void show(ImagePixels fitted) {
    picture = fitted;
    reading = null;
    Pictures.show(fitted, findViewById(R.id.picture));
    this.<TextView>findViewById(R.id.seen)
        .setText(getString(R.string.pixels, fitted.width(), fitted.height()));
    classify();
  }

  private void classify() {
    ImagePixels shown = picture;
    List<Integer> wanted = answers.wanted();
    if (shown == null || wanted.isEmpty()) {
      return;
    }
    work(
        open -> {
          keep(shown);
          // After a change of bundle, before the screen knows of it.
          boolean fits =
              open.bundle().input().takes(shown)
                  && wanted.get(wanted.size() - 1) < open.bundle().models().size();
          return fits ? open.answers(shown, wanted) : List.<Answer>of();
        },
        answers::show,
        this::say);
  }

  /** For the next life of this screen. */
  private void keep(ImagePixels shown) {
    try {
      PictureFile.shown(getCacheDir()).write(shown);
    } catch (IOException e) {
      // Without room in the cache the next life begins with a sample.
      return;
    }
  }

  private void invert() {
    if (picture != null) {
      show(Pictures.inverted(picture));
    }
  }

  /** A picture of any size: it is read and fitted off the main thread. */
  private void fit(DemoApplication.Work<ImagePixels> source) {
    work(
        open -> open.bundle().input().fit(source.with(open)),
        this::show,
        problem -> {
          reading = null;
          say(problem);
        });
  }

  private void read(Uri uri) {
    say("");
    reading = uri;
    fit(
        open -> {
          try {
            return uri.equals(HANDED_OVER)
                ? PictureFile.handedOver(getCacheDir()).read()
                : Pictures.read(getContentResolver(), uri);
          } catch (IOException e) {
            throw new DamagedBundle(getString(R.string.unreadable), e);
          }
        });
  }

  private void photograph() {
    ask(
        new Intent(this, CameraActivity.class).putExtra(CameraActivity.MODEL, answers.chosen()),
        CAMERA);
  }

  private void ask(Intent intent, int request) {
    try {
      startActivityForResult(intent, request);
    } catch (ActivityNotFoundException e) {
      say(getString(R.string.no_app));
    }
  }

  @Override
  protected void onNewIntent(Intent intent) {
    super.onNewIntent(intent);
    receive(intent);
  }

  /** A picture shared by another app. */
  private void receive(Intent intent) {
    ClipData clip = intent.getClipData();
    if (Intent.ACTION_SEND.equals(intent.getAction()) && clip != null && clip.getItemCount() > 0) {
      Uri uri = clip.getItemAt(0).getUri();
      if (uri != null) {
        read(uri);
      }
    }
  }

  @Override
  protected void onActivityResult(int request, int result, Intent data) {
    if (result != RESULT_OK) {
      return;
    }
    Uri uri = data == null ? null : data.getData();
    if (request == CAMERA || request == DRAWING) {
      read(HANDED_OVER);
    } else if (request == GALLERY && uri != null) {
      read(uri);
    } else if (request == ZIP && uri != null) {
      change(store -> store.load(IncomingFiles.zip(getContentResolver(), uri)));
    } else if (request == FOLDER && uri != null) {
      change(store -> store.load(IncomingFiles.folder(getContentResolver(), uri)));
    }
  }

  @Override
  public boolean onCreateOptionsMenu(Menu menu) {
    getMenuInflater().inflate(R.menu.main, menu);
    return true;
  }

  @Override
  public boolean onOptionsItemSelected(MenuItem item) {
    int id = item.getItemId();
    if (id == R.id.benchmark) {
      startActivity(new Intent(this, BenchmarkActivity.class));
    } else if (id == R.id.check) {
      startActivity(new Intent(this, CheckActivity.class));
    } else if (id == R.id.zip) {
      ask(
          new Intent(Intent.ACTION_OPEN_DOCUMENT)
              .addCategory(Intent.CATEGORY_OPENABLE)
              .setType("*/*"),
          ZIP);
    } else if (id == R.id.folder) {
      ask(new Intent(Intent.ACTION_OPEN_DOCUMENT_TREE), FOLDER);
    } else if (id == R.id.own) {
      change(BundleStore::forget);
    } else if (id == R.id.about) {
      startActivity(new Intent(this, LicensesActivity.class));
    } else {
      return super.onOptionsItemSelected(item);
    }
    return true;
  }

  private void change(DemoApplication.Change change) {
    say(getString(R.string.loading));
    app().change(change);
  }

  @Override
  protected void onStart() {
    super.onStart();
    app().listen(this::changed);
  }

  @Override
  protected void onStop() {
    super.onStop();
    app().listen(null);
  }

  private void changed(DemoApplication.BundleChange change) {
    if (change.problem() == null) {
      picture = null;
      open();
    } else {
      say(getString(R.string.not_loaded, change.problem()));
    }
  }

  /**
   * @param message empty to take the last one away
   */
  private void say(String message) {
    this.<TextView>findViewById(R.id.state).setText(message);
    setVisible(R.id.state, !message.isEmpty());
  }

  @Override
  protected void onSaveInstanceState(Bundle saved) {
    super.onSaveInstanceState(saved);
    saved.putInt(CHOSEN, answers.chosen());
    saved.putBoolean(COMPARES, answers.compares());
    if (reading != null) {
      saved.putString(READING, reading.toString());
    }
    saved.putBoolean(PICTURE, picture != null || restores);
  }
}
