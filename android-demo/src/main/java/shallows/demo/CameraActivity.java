package shallows.demo;

import android.Manifest;
import android.content.ActivityNotFoundException;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.graphics.SurfaceTexture;
import android.hardware.camera2.CameraAccessException;
import android.hardware.camera2.CameraManager;
import android.net.Uri;
import android.os.Bundle;
import android.provider.Settings;
import android.view.TextureView;
import android.widget.CompoundButton;
import android.widget.ImageView;
import android.widget.TextView;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import shallows.data.decode.ImagePixels;

/**
 * The camera: what it sees is classified as long as one looks, and the shutter hands the picture
 * over. The permission is asked for here, where it is used.
 */
public final class CameraActivity extends Screen
    implements Camera.Listener, TextureView.SurfaceTextureListener {
  /** The extra with the index of the model that answers. */
  static final String MODEL = "model";

  private static final int PERMISSION = 1;
  private static final String ASKED = "asked";

  /** Whether the last frame is still being classified. */
  private final AtomicBoolean busy = new AtomicBoolean();

  private TextureView preview;

  /** Null while it is closed. */
  private Camera camera;

  private Lens lens;
  private boolean asked;
  private boolean inFront;

  /** Read by the camera's thread. */
  private volatile boolean inverted;

  /** The last frame as the network saw it; null before the first. */
  private ImagePixels seen;

  /** A frame and what was found in it. */
  private record Seen(ImagePixels picture, Answer answer, List<String> labels, boolean drawn) {}

  public CameraActivity() {
    super(R.layout.camera, true);
  }

  @Override
  protected void onCreate(Bundle saved) {
    super.onCreate(saved);
    asked = saved != null && saved.getBoolean(ASKED);
    preview = findViewById(R.id.preview);
    preview.setSurfaceTextureListener(this);
    onClick(R.id.shutter, this::take);
    findViewById(R.id.shutter).setEnabled(false);
    onClick(R.id.allow, this::allow);
    // The next frame is answered otherwise.
    Choices.show(this, () -> {});
    this.<CompoundButton>findViewById(R.id.invert)
        .setOnCheckedChangeListener((view, on) -> inverted = on);
    if (!isAllowed() && !asked) {
      ask();
    }
  }

  private boolean isAllowed() {
    return checkSelfPermission(Manifest.permission.CAMERA) == PackageManager.PERMISSION_GRANTED;
  }

  private void ask() {
    asked = true;
    requestPermissions(new String[] {Manifest.permission.CAMERA}, PERMISSION);
  }

  /** Once more where Android still asks; where it no longer does, its settings have the switch. */
  private void allow() {
    if (isAllowed()) {
      open();
    } else if (shouldShowRequestPermissionRationale(Manifest.permission.CAMERA)) {
      ask();
    } else {
      try {
        startActivity(
            new Intent(
                Settings.ACTION_APPLICATION_DETAILS_SETTINGS,
                Uri.fromParts("package", getPackageName(), null)));
      } catch (ActivityNotFoundException e) {
        explain(R.string.no_app);
      }
    }
  }

  @Override
  public void onRequestPermissionsResult(int request, String[] permissions, int[] results) {
    super.onRequestPermissionsResult(request, permissions, results);
    if (inFront || !isAllowed()) {
      open();
    }
  }

  @Override
  protected void onResume() {
    super.onResume();
    inFront = true;
    open();
  }

  @Override
  protected void onPause() {
    super.onPause();
    inFront = false;
    close();
  }

  private void open() {
    if (camera != null) {
      return;
    }
    if (!isAllowed()) {
      explain(
          shouldShowRequestPermissionRationale(Manifest.permission.CAMERA) || !asked
              ? R.string.camera_denied
              : R.string.camera_denied_for_good);
      return;
    }
    SurfaceTexture texture = preview.getSurfaceTexture();
    if (texture == null) {
      // Comes back when there is one.
      setVisible(R.id.explained, false);
      return;
    }
    try {
      lens = Lens.choose(getSystemService(CameraManager.class));
      if (lens == null) {
        explain(R.string.no_camera);
        return;
      }
      turn();
      camera = Camera.open(this, lens, texture, this::displayDegrees, this);
      setVisible(R.id.explained, false);
    } catch (CameraAccessException | SecurityException e) {
      explain(R.string.camera_busy);
    }
  }

  boolean isOpen() {
    return camera != null;
  }

  private void close() {
    if (camera != null) {
      camera.close();
      camera = null;
    }
  }

  private void explain(int message) {
    this.<TextView>findViewById(R.id.explanation).setText(message);
    this.<TextView>findViewById(R.id.allow)
        .setText(
            message == R.string.camera_denied
                ? R.string.allow
                : message == R.string.camera_denied_for_good ? R.string.settings : R.string.again);
    setVisible(R.id.explained, true);
  }

  /** The constants of rotation count quarters. */
  @SuppressWarnings("deprecation") // Its successor came with API 30.
  private int displayDegrees() {
    return 90 * getWindowManager().getDefaultDisplay().getRotation();
  }

  private void turn() {
    if (lens != null) {
      preview.setTransform(lens.preview(preview.getWidth(), displayDegrees()));
    }
  }

  @Override
  public boolean wantsFrame() {
    return busy.compareAndSet(false, true);
  }

  @Override
  public void frame(ImagePixels picture) {
    int wanted = getIntent().getIntExtra(MODEL, 0);
    boolean invert = inverted;
    work(
        open -> {
          ModelBundle bundle = open.bundle();
          ImagePixels fitted = bundle.input().fit(picture);
          ImagePixels shown = invert ? Pictures.inverted(fitted) : fitted;
          int model = Math.min(wanted, bundle.models().size() - 1);
          return new Seen(shown, open.next(shown, model), bundle.labels(), bundle.isOfDrawings());
        },
        this::show,
        problem -> {
          busy.set(false);
          this.<TextView>findViewById(R.id.answer).setText(problem);
        });
  }

  private void show(Seen found) {
    busy.set(false);
    seen = found.picture;
    // A phone turned upside down starts no new screen.
    turn();
    setVisible(R.id.invert, found.drawn);
    setVisible(R.id.hint, false);
    findViewById(R.id.shutter).setEnabled(true);
    Pictures.show(found.picture, this.<ImageView>findViewById(R.id.seen));
    TextView answer = findViewById(R.id.answer);
    String best = Bars.best(this, found.answer, found.labels);
    // The same text again would be read out again.
    if (!best.contentEquals(answer.getText())) {
      answer.setText(best);
    }
    this.<TextView>findViewById(R.id.cost)
        .setText(
            getString(R.string.live, found.answer.model().title(), found.answer.milliseconds()));
    Bars.show(findViewById(R.id.bars), found.answer, found.labels);
    Choices.tell(this);
  }

  @Override
  public void failed(int message) {
    runOnUiThread(
        () -> {
          close();
          if (!isDestroyed()) {
            explain(message);
          }
        });
  }

  /** Hands the last frame over, exactly as it was classified. */
  private void take() {
    ImagePixels taken = seen;
    if (taken == null) {
      return;
    }
    close();
    work(
        open -> {
          try {
            PictureFile.handedOver(getCacheDir()).write(taken);
            return taken;
          } catch (IOException e) {
            throw new DamagedBundle(getString(R.string.no_room), e);
          }
        },
        written -> {
          setResult(RESULT_OK);
          finish();
        },
        problem -> this.<TextView>findViewById(R.id.answer).setText(problem));
  }

  @Override
  public void onSurfaceTextureAvailable(SurfaceTexture texture, int width, int height) {
    if (inFront) {
      open();
    }
  }

  @Override
  public void onSurfaceTextureSizeChanged(SurfaceTexture texture, int width, int height) {
    turn();
  }

  @Override
  public boolean onSurfaceTextureDestroyed(SurfaceTexture texture) {
    close();
    return true;
  }

  @Override
  public void onSurfaceTextureUpdated(SurfaceTexture texture) {
    // Frames are taken where they come from.
  }

  @Override
  protected void onSaveInstanceState(Bundle saved) {
    super.onSaveInstanceState(saved);
    saved.putBoolean(ASKED, asked);
  }
}
