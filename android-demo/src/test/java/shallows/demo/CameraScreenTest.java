package shallows.demo;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import android.Manifest;
import android.app.Activity;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.graphics.ImageFormat;
import android.graphics.SurfaceTexture;
import android.hardware.camera2.CameraCharacteristics;
import android.hardware.camera2.CameraManager;
import android.hardware.camera2.CameraMetadata;
import android.provider.Settings;
import android.util.Size;
import android.view.TextureView;
import android.widget.CompoundButton;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;
import org.robolectric.shadows.ShadowCameraCharacteristics;
import org.robolectric.shadows.StreamConfigurationMapBuilder;
import shallows.data.decode.ImagePixels;

/** The camera screen: the permission, its denial, and what a frame becomes. */
@RunWith(PhoneRunner.class)
@Config(sdk = 35, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class CameraScreenTest {
  private static final String CAMERA = Manifest.permission.CAMERA;

  private static CameraActivity opened() throws Exception {
    return Phone.start(CameraActivity.class, new Intent()).get();
  }

  private static void allow() {
    Shadows.shadowOf(Phone.app()).grantPermissions(CAMERA);
  }

  private static void answer(CameraActivity screen, int answer) throws Exception {
    if (answer == PackageManager.PERMISSION_GRANTED) {
      allow();
    }
    screen.onRequestPermissionsResult(1, new String[] {CAMERA}, new int[] {answer});
    Phone.settle();
  }

  @Test
  public void thePermissionIsAskedForWhenTheScreenOpens() throws Exception {
    MainActivity main = Phone.main();
    assertNull(Shadows.shadowOf(main).getLastRequestedPermission());
    Shadows.shadowOf(main).clearNextStartedActivities();
    Phone.click(main, R.id.camera);
    Intent asked = Shadows.shadowOf(main).getNextStartedActivity();
    assertEquals(CameraActivity.class.getName(), asked.getComponent().getClassName());

    assertArrayEquals(
        new String[] {CAMERA},
        Shadows.shadowOf(opened()).getLastRequestedPermission().requestedPermissions);
  }

  @Test
  public void aDeniedCameraIsExplainedAndMayBeAskedForAgain() throws Exception {
    Shadows.shadowOf(Phone.app().getPackageManager())
        .setShouldShowRequestPermissionRationale(CAMERA, true);
    CameraActivity screen = opened();
    answer(screen, PackageManager.PERMISSION_DENIED);
    Phone.keep(screen, "camera-denied");

    assertTrue(screen.findViewById(R.id.explained).isShown());
    assertEquals(screen.getString(R.string.camera_denied), Phone.text(screen, R.id.explanation));
    assertEquals(screen.getString(R.string.allow), Phone.text(screen, R.id.allow));
    Phone.click(screen, R.id.allow);
    assertEquals(
        CAMERA, Shadows.shadowOf(screen).getLastRequestedPermission().requestedPermissions[0]);
  }

  @Test
  public void whereAndroidAsksNoMoreItsSettingsAreOffered() throws Exception {
    CameraActivity screen = opened();
    answer(screen, PackageManager.PERMISSION_DENIED);

    assertEquals(
        screen.getString(R.string.camera_denied_for_good), Phone.text(screen, R.id.explanation));
    Shadows.shadowOf(screen).clearNextStartedActivities();
    Phone.click(screen, R.id.allow);
    Intent settings = Shadows.shadowOf(screen).getNextStartedActivity();
    assertEquals(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, settings.getAction());
    assertEquals("package:shallows.demo", settings.getDataString());
  }

  @Test
  public void aDeviceWithoutACameraSaysSo() throws Exception {
    allow();
    CameraActivity screen = opened();
    make(screen, new SurfaceTexture(false));

    assertEquals(screen.getString(R.string.no_camera), Phone.text(screen, R.id.explanation));
  }

  /** What a window that is drawn by the graphics hardware does by itself. */
  private static void make(CameraActivity screen, SurfaceTexture texture) throws Exception {
    TextureView preview = screen.findViewById(R.id.preview);
    preview.setSurfaceTexture(texture);
    preview
        .getSurfaceTextureListener()
        .onSurfaceTextureAvailable(texture, preview.getWidth(), preview.getHeight());
    Phone.settle();
  }

  private static void addCamera(String id, int facing, int sensorDegrees) {
    CameraCharacteristics camera = ShadowCameraCharacteristics.newCameraCharacteristics();
    Shadows.shadowOf(camera).set(CameraCharacteristics.LENS_FACING, facing);
    Shadows.shadowOf(camera).set(CameraCharacteristics.SENSOR_ORIENTATION, sensorDegrees);
    StreamConfigurationMapBuilder sizes = StreamConfigurationMapBuilder.newBuilder();
    for (Size size :
        new Size[] {
          new Size(320, 240), new Size(640, 480), new Size(1280, 720), new Size(4000, 3000)
        }) {
      sizes.addOutputSize(size).addOutputSize(ImageFormat.YUV_420_888, size);
    }
    Shadows.shadowOf(camera)
        .set(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP, sizes.build());
    Shadows.shadowOf(cameras()).addCamera(id, camera);
  }

  private static CameraManager cameras() {
    return Phone.app().getSystemService(CameraManager.class);
  }

  @Test
  public void theCameraOnTheBackIsTakenWithSmallFramesThatAreEnough() throws Exception {
    addCamera("0", CameraMetadata.LENS_FACING_FRONT, 270);
    addCamera("1", CameraMetadata.LENS_FACING_BACK, 90);

    assertEquals(new Lens("1", new Size(640, 480), 90, false, false), Lens.choose(cameras()));
  }

  @Test
  public void framesAreTurnedByWhatSensorAndDisplayDifferIn() {
    Lens back = new Lens("0", new Size(640, 480), 90, false, true);
    Lens front = new Lens("1", new Size(640, 480), 270, true, true);

    assertEquals(90, back.degrees(0));
    assertEquals(0, back.degrees(90));
    assertEquals(270, back.degrees(180));
    assertEquals(180, back.degrees(270));
    assertEquals(270, front.degrees(0));
    assertEquals(0, front.degrees(90));
  }

  @Test
  public void thePreviewShowsTheMiddleSquareUnstretched() {
    Lens back = new Lens("0", new Size(640, 480), 90, false, true);
    // Upright, the picture is 480 wide and 640 high and fills the view of 300 by 300, stretched.
    float[] corners = {0, 0, 300, 300};
    back.preview(300, 0).mapPoints(corners);
    assertArrayEquals(new float[] {0, -50, 300, 350}, corners, 0.01f);

    float[] top = {150, 0};
    back.preview(300, 90).mapPoints(top);
    assertArrayEquals("its upper edge is to the left", new float[] {-50, 150}, top, 0.01f);
  }

  @Test
  public void aFrameIsClassifiedWhileOneLooksAndTheShutterHandsItOver() throws Exception {
    addCamera("0", CameraMetadata.LENS_FACING_BACK, 90);
    allow();
    MainActivity main = Phone.main();
    Phone.clickSample(main, 1);
    String bars = Phone.bars(main);
    Phone.clickSample(main, 0);
    Phone.click(main, R.id.camera);
    Intent asked = Shadows.shadowOf(main).getNextStartedActivity();
    while (!asked.getComponent().getClassName().equals(CameraActivity.class.getName())) {
      asked = Shadows.shadowOf(main).getNextStartedActivity();
    }
    CameraActivity screen = Phone.start(CameraActivity.class, asked).get();
    make(screen, new SurfaceTexture(false));
    assertFalse(screen.findViewById(R.id.explained).isShown());
    assertFalse("nothing to take yet", screen.findViewById(R.id.shutter).isEnabled());

    look(screen, sample(1));
    assertEquals(bars, Phone.bars(screen));
    Phone.keep(screen, "camera");
    Phone.click(screen, R.id.shutter);
    assertTrue(screen.isFinishing());
    assertEquals(Activity.RESULT_OK, Shadows.shadowOf(screen).getResultCode());
    Shadows.shadowOf(main).receiveResult(asked, Activity.RESULT_OK, null);
    Phone.settle();
    assertEquals(bars, Phone.bars(main));
  }

  @Test
  public void lightAndDarkOfTheFramesCanBeSwapped() throws Exception {
    allow();
    CameraActivity screen = opened();
    look(screen, sample(0));
    String bars = Phone.bars(screen);
    screen.<CompoundButton>findViewById(R.id.invert).setChecked(true);
    look(screen, Pictures.inverted(sample(0)));

    assertEquals(bars, Phone.bars(screen));
  }

  /** Frames come faster than answers: those in between are left out. */
  @Test
  public void aFrameIsWantedOnlyWhenTheLastOneIsAnswered() throws Exception {
    allow();
    CameraActivity screen = opened();
    assertTrue(screen.wantsFrame());
    assertFalse(screen.wantsFrame());
    screen.frame(sample(0));
    Phone.settle();

    assertTrue(screen.wantsFrame());
  }

  @Test
  public void aCameraThatIsLostIsSaidAndOpenedAgain() throws Exception {
    addCamera("0", CameraMetadata.LENS_FACING_BACK, 90);
    allow();
    CameraActivity screen = opened();
    make(screen, new SurfaceTexture(false));
    screen.failed(R.string.camera_busy);
    Phone.settle();

    assertEquals(screen.getString(R.string.camera_busy), Phone.text(screen, R.id.explanation));
    assertEquals(screen.getString(R.string.again), Phone.text(screen, R.id.allow));
    Phone.click(screen, R.id.allow);
    assertFalse(screen.findViewById(R.id.explained).isShown());
  }

  @Test
  public void theCameraIsLetGoInTheBackgroundAndComesBack() throws Exception {
    addCamera("0", CameraMetadata.LENS_FACING_BACK, 90);
    allow();
    ActivityController<CameraActivity> controller = Phone.start(CameraActivity.class, new Intent());
    make(controller.get(), new SurfaceTexture(false));
    assertTrue(controller.get().isOpen());
    controller.pause();
    assertFalse(controller.get().isOpen());
    controller.resume();

    assertTrue(controller.get().isOpen());
  }

  private static void look(CameraActivity screen, ImagePixels picture) throws Exception {
    assertTrue(screen.wantsFrame());
    screen.frame(picture);
    Phone.settle();
  }

  private static ImagePixels sample(int index) throws Exception {
    try (OpenBundle open = Phone.app().store().open()) {
      return open.sample(open.bundle().samples().get(index));
    }
  }
}
