package shallows.demo;

import android.graphics.ImageFormat;
import android.graphics.Matrix;
import android.graphics.SurfaceTexture;
import android.hardware.camera2.CameraAccessException;
import android.hardware.camera2.CameraCharacteristics;
import android.hardware.camera2.CameraManager;
import android.hardware.camera2.CameraMetadata;
import android.hardware.camera2.params.StreamConfigurationMap;
import android.util.Size;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * One of the phone's cameras and how its pictures lie.
 *
 * @param size of its frames, as the sensor lies
 * @param sensorDegrees by which a frame has to be turned clockwise where the phone is held as it
 *     was built to be
 * @param front whether it looks where its user is
 * @param focuses whether it can focus by itself again and again
 */
record Lens(String id, Size size, int sensorDegrees, boolean front, boolean focuses) {
  /** The shorter side that frames should have: more than the networks of phones take. */
  private static final int ENOUGH = 480;

  /**
   * The camera on the back; else the one that there is.
   *
   * @return null when there is none
   */
  static Lens choose(CameraManager cameras) throws CameraAccessException {
    Lens chosen = null;
    for (String id : cameras.getCameraIdList()) {
      CameraCharacteristics of = cameras.getCameraCharacteristics(id);
      StreamConfigurationMap streams =
          of.get(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP);
      Integer turned = of.get(CameraCharacteristics.SENSOR_ORIENTATION);
      if (streams == null || turned == null) {
        continue;
      }
      Size size =
          size(
              streams.getOutputSizes(ImageFormat.YUV_420_888),
              streams.getOutputSizes(SurfaceTexture.class));
      if (size == null) {
        continue;
      }
      Integer facing = of.get(CameraCharacteristics.LENS_FACING);
      boolean front = facing != null && facing == CameraMetadata.LENS_FACING_FRONT;
      if (chosen == null || chosen.front && !front) {
        chosen = new Lens(id, size, turned, front, focuses(of));
      }
    }
    return chosen;
  }

  private static boolean focuses(CameraCharacteristics of) {
    int[] modes = of.get(CameraCharacteristics.CONTROL_AF_AVAILABLE_MODES);
    return modes != null
        && Arrays.stream(modes)
            .anyMatch(mode -> mode == CameraMetadata.CONTROL_AF_MODE_CONTINUOUS_PICTURE);
  }

  /** The smallest that is enough, else the largest; null when frame and preview share none. */
  private static Size size(Size[] frames, Size[] previews) {
    if (frames == null || previews == null) {
      return null;
    }
    Set<Size> both = new HashSet<>(Arrays.asList(frames));
    both.retainAll(Arrays.asList(previews));
    Size best = null;
    for (Size size : both) {
      boolean enough = shorter(size) >= ENOUGH;
      boolean bestIsEnough = best != null && shorter(best) >= ENOUGH;
      if (best == null
          || enough && !bestIsEnough
          || enough == bestIsEnough && enough == (area(size) < area(best))) {
        best = size;
      }
    }
    return best;
  }

  private static int shorter(Size size) {
    return Math.min(size.getWidth(), size.getHeight());
  }

  private static long area(Size size) {
    return (long) size.getWidth() * size.getHeight();
  }

  /**
   * By how much a frame has to be turned clockwise to stand upright.
   *
   * @param displayDegrees by which the picture on the display is turned against the phone
   */
  int degrees(int displayDegrees) {
    return Math.floorMod(
        front ? sensorDegrees + displayDegrees : sensorDegrees - displayDegrees, 360);
  }

  /**
   * For a square preview of the middle of the picture. By itself a preview stands upright in a
   * phone that is held as it was built to be, and is stretched to fill the view.
   *
   * @param side of the view in pixels
   */
  Matrix preview(float side, int displayDegrees) {
    boolean lies = sensorDegrees % 180 != 0;
    float width = lies ? size.getHeight() : size.getWidth();
    float height = lies ? size.getWidth() : size.getHeight();
    float shorter = Math.min(width, height);
    Matrix matrix = new Matrix();
    matrix.postScale(width / shorter, height / shorter, side / 2, side / 2);
    matrix.postRotate(-displayDegrees, side / 2, side / 2);
    return matrix;
  }
}
