package shallows.demo;

import android.app.Activity;
import android.content.ActivityNotFoundException;
import android.content.ClipData;
import android.content.Intent;
import android.graphics.Bitmap;
import android.graphics.drawable.BitmapDrawable;
import android.net.Uri;
import android.os.Bundle;
import android.provider.MediaStore;
import android.view.Menu;
import android.view.MenuItem;
import android.widget.ImageButton;
import android.widget.ImageView;
import android.widget.LinearLayout;
import android.widget.TextView;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import shallows.model.images.ImagePixels;

/** Takes a picture from anywhere and shows what the models say of it. */
public final class MainActivity extends Activity {
  private static final int CAMERA = 1;
  private static final int GALLERY = 2;
  private static final int DRAWING = 3;
  private static final int BUNDLE = 4;
  private static final String PIXELS = "pixels";
  private static final String CHOSEN = "chosen";
  private static final int SAMPLE_DP = 72;

  private Answers answers;
  private TextView state;

  /** As the network sees it; null before the first one. */
  private ImagePixels picture;

  @Override
  protected void onCreate(Bundle saved) {
    super.onCreate(saved);
    setContentView(R.layout.main);
    state = findViewById(R.id.state);
    answers = new Answers(this);
    findViewById(R.id.camera)
        .setOnClickListener(button -> ask(new Intent(MediaStore.ACTION_IMAGE_CAPTURE), CAMERA));
    findViewById(R.id.gallery)
        .setOnClickListener(
            button -> ask(new Intent(Intent.ACTION_GET_CONTENT).setType("image/*"), GALLERY));
    findViewById(R.id.draw)
        .setOnClickListener(button -> ask(new Intent(this, DrawActivity.class), DRAWING));
    byte[] pixels = saved == null ? null : saved.getByteArray(PIXELS);
    if (saved != null) {
      answers.choose(saved.getInt(CHOSEN));
    }
    open(pixels);
    if (saved == null) {
      receive(getIntent());
    }
  }

  private DemoApplication app() {
    return (DemoApplication) getApplication();
  }

  /** Opens the bundle in use, shows its samples, and checks it. */
  private void open(byte[] pixels) {
    state.setText(R.string.opening);
    app()
        .work(
            open -> {
              List<ImagePixels> samples = new ArrayList<>();
              for (ModelBundle.Sample sample : open.bundle().samples()) {
                samples.add(open.sample(sample));
              }
              ModelBundle bundle = open.bundle();
              return (Runnable)
                  () -> {
                    showSamples(samples);
                    answers.of(bundle);
                    NetworkInput input = bundle.input();
                    int size = input.channels() * input.height() * input.width();
                    if (pixels != null && pixels.length == size) {
                      classify(
                          new ImagePixels(input.channels(), input.height(), input.width(), pixels));
                    } else if (picture == null && !samples.isEmpty()) {
                      classify(samples.get(0));
                    }
                  };
            },
            Runnable::run,
            state::setText);
    check();
  }

  private void check() {
    app()
        .work(
            open -> {
              open.check();
              return getString(R.string.checked, open.bundle().models().size());
            },
            state::setText,
            state::setText);
  }

  private void showSamples(List<ImagePixels> samples) {
    LinearLayout row = findViewById(R.id.samples);
    row.removeAllViews();
    int side = Math.round(SAMPLE_DP * getResources().getDisplayMetrics().density);
    for (ImagePixels sample : samples) {
      ImageButton button = new ImageButton(this);
      show(sample, button);
      button.setContentDescription(getString(R.string.sample, row.getChildCount() + 1));
      button.setOnClickListener(clicked -> classify(sample));
      row.addView(button, side, side);
    }
  }

  /** Unfiltered, so that the pixels are seen. */
  private void show(ImagePixels image, ImageView view) {
    BitmapDrawable drawable = new BitmapDrawable(getResources(), Pictures.bitmap(image));
    drawable.setFilterBitmap(false);
    drawable.setAntiAlias(false);
    view.setImageDrawable(drawable);
    view.setScaleType(ImageView.ScaleType.FIT_CENTER);
  }

  private void classify(ImagePixels fitted) {
    picture = fitted;
    show(fitted, findViewById(R.id.picture));
    app().work(open -> open.answers(fitted), answers::show, state::setText);
  }

  /** A picture of any size: it is fitted off the main thread too. */
  private void classifyWhole(DemoApplication.Work<ImagePixels> reading) {
    app()
        .work(
            open -> open.bundle().input().fit(reading.with(open)), this::classify, state::setText);
  }

  private void classify(Uri uri) {
    classifyWhole(
        open -> {
          try {
            return Pictures.read(getContentResolver(), uri);
          } catch (IOException e) {
            throw new DamagedBundle(getString(R.string.unreadable), e);
          }
        });
  }

  private void ask(Intent intent, int request) {
    try {
      startActivityForResult(intent, request);
    } catch (ActivityNotFoundException e) {
      state.setText(R.string.no_app);
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
        classify(uri);
      }
    }
  }

  @Override
  protected void onActivityResult(int request, int result, Intent data) {
    if (result != RESULT_OK || data == null) {
      return;
    }
    if (request == BUNDLE) {
      load(data.getData());
    } else if (request == GALLERY) {
      classify(data.getData());
    } else {
      // The typed getter came with API 33.
      @SuppressWarnings("deprecation")
      Bitmap bitmap = data.getParcelableExtra(DrawActivity.PICTURE);
      if (bitmap != null) {
        classifyWhole(open -> Pictures.pixels(bitmap));
      }
    }
  }

  @Override
  public boolean onCreateOptionsMenu(Menu menu) {
    getMenuInflater().inflate(R.menu.main, menu);
    return true;
  }

  @Override
  public boolean onOptionsItemSelected(MenuItem item) {
    if (item.getItemId() == R.id.benchmark) {
      startActivity(new Intent(this, BenchmarkActivity.class));
    } else if (item.getItemId() == R.id.check) {
      check();
    } else if (item.getItemId() == R.id.load) {
      ask(
          new Intent(Intent.ACTION_OPEN_DOCUMENT)
              .addCategory(Intent.CATEGORY_OPENABLE)
              .setType("*/*"),
          BUNDLE);
    } else if (item.getItemId() == R.id.own) {
      change(() -> app().store().forget());
    } else {
      return super.onOptionsItemSelected(item);
    }
    return true;
  }

  /** Another bundle from the phone's files; a damaged one leaves the old one in use. */
  void load(Uri uri) {
    change(
        () -> {
          try (InputStream in = getContentResolver().openInputStream(uri)) {
            app().store().load(in);
          } catch (IOException | SecurityException e) {
            throw new DamagedBundle(getString(R.string.unreadable), e);
          }
        });
  }

  /** A change of the bundle in use. */
  private interface Change {
    void make() throws DamagedBundle;
  }

  private void change(Change change) {
    app()
        .worker()
        .execute(
            () -> {
              try {
                change.make();
                app().reopen();
                runOnUiThread(
                    () -> {
                      picture = null;
                      open(null);
                    });
              } catch (DamagedBundle e) {
                runOnUiThread(() -> state.setText(getString(R.string.damaged, e.getMessage())));
              }
            });
  }

  @Override
  protected void onSaveInstanceState(Bundle saved) {
    super.onSaveInstanceState(saved);
    saved.putInt(CHOSEN, answers.chosen());
    if (picture != null) {
      saved.putByteArray(PIXELS, picture.bytes());
    }
  }
}
