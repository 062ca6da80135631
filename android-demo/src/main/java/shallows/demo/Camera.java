package shallows.demo;

import android.content.Context;
import android.graphics.ImageFormat;
import android.graphics.SurfaceTexture;
import android.hardware.camera2.CameraAccessException;
import android.hardware.camera2.CameraCaptureSession;
import android.hardware.camera2.CameraDevice;
import android.hardware.camera2.CameraManager;
import android.hardware.camera2.CameraMetadata;
import android.hardware.camera2.CaptureRequest;
import android.media.Image;
import android.media.ImageReader;
import android.os.Handler;
import android.os.HandlerThread;
import android.view.Surface;
import java.util.List;
import java.util.function.IntSupplier;
import shallows.data.decode.ImagePixels;

/**
 * The camera while its screen is in front: a preview, and every frame that somebody has time for.
 * All of it happens on a thread of its own; the listener is called there.
 */
final class Camera implements AutoCloseable {
  /** Two: one to look at, one to fill. */
  private static final int FRAMES = 2;

  /** Who wants to see. */
  interface Listener {
    /** Whether there is time for another frame. */
    boolean wantsFrame();

    /** A frame, upright. */
    void frame(ImagePixels picture);

    /**
     * The camera is gone; another one has to be opened.
     *
     * @param message a string resource
     */
    void failed(int message);
  }

  private final Lens lens;
  private final Listener listener;
  private final IntSupplier displayDegrees;
  private final HandlerThread thread = new HandlerThread("camera");
  private final Handler handler;
  private final ImageReader reader;
  private final Surface preview;

  /** Null before it is open. */
  private CameraDevice device;

  /** Whether Android still owes the device. */
  private boolean opening = true;

  private boolean closed;

  private Camera(Lens lens, SurfaceTexture texture, IntSupplier displayDegrees, Listener listener) {
    this.lens = lens;
    this.displayDegrees = displayDegrees;
    this.listener = listener;
    thread.start();
    handler = new Handler(thread.getLooper());
    texture.setDefaultBufferSize(lens.size().getWidth(), lens.size().getHeight());
    preview = new Surface(texture);
    reader =
        ImageReader.newInstance(
            lens.size().getWidth(), lens.size().getHeight(), ImageFormat.YUV_420_888, FRAMES);
    reader.setOnImageAvailableListener(this::look, handler);
  }

  /**
   * Begins to open it; what goes wrong later is told to the listener.
   *
   * @throws CameraAccessException when it cannot be opened
   * @throws SecurityException when the permission was taken away
   */
  static Camera open(
      Context context,
      Lens lens,
      SurfaceTexture texture,
      IntSupplier displayDegrees,
      Listener listener)
      throws CameraAccessException {
    Camera camera = new Camera(lens, texture, displayDegrees, listener);
    try {
      context
          .getSystemService(CameraManager.class)
          .openCamera(lens.id(), camera.new Opening(), camera.handler);
    } catch (CameraAccessException | RuntimeException e) {
      camera.handler.post(() -> camera.opening = false);
      camera.close();
      throw e;
    }
    return camera;
  }

  private void look(ImageReader from) {
    try (Image image = from.acquireLatestImage()) {
      if (image != null && !closed && listener.wantsFrame()) {
        int degrees = lens.degrees(displayDegrees.getAsInt());
        listener.frame(CameraFrame.upright(image, degrees));
      }
    } catch (IllegalStateException e) {
      // The camera took the buffer back while it was being closed: there is no frame.
      return;
    }
  }

  private void fail(int message) {
    if (!closed) {
      release();
      listener.failed(message);
    }
  }

  @SuppressWarnings("deprecation") // Its successor came with API 28.
  private void start() {
    try {
      CaptureRequest.Builder request = device.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW);
      request.addTarget(preview);
      request.addTarget(reader.getSurface());
      if (lens.focuses()) {
        request.set(
            CaptureRequest.CONTROL_AF_MODE, CameraMetadata.CONTROL_AF_MODE_CONTINUOUS_PICTURE);
      }
      device.createCaptureSession(
          List.of(preview, reader.getSurface()), new Repeating(request.build()), handler);
    } catch (CameraAccessException | IllegalStateException e) {
      fail(R.string.camera_failed);
    }
  }

  private final class Opening extends CameraDevice.StateCallback {
    @Override
    public void onOpened(CameraDevice opened) {
      opening = false;
      device = opened;
      if (closed) {
        // Closed while it was being opened.
        opened.close();
        thread.quitSafely();
      } else {
        start();
      }
    }

    @Override
    public void onDisconnected(CameraDevice lost) {
      lose(lost, R.string.camera_busy);
    }

    @Override
    public void onError(CameraDevice broken, int error) {
      lose(
          broken,
          error == ERROR_CAMERA_IN_USE || error == ERROR_MAX_CAMERAS_IN_USE
              ? R.string.camera_busy
              : R.string.camera_failed);
    }

    private void lose(CameraDevice lost, int message) {
      opening = false;
      lost.close();
      if (closed) {
        thread.quitSafely();
      } else {
        fail(message);
      }
    }
  }

  private final class Repeating extends CameraCaptureSession.StateCallback {
    private final CaptureRequest request;

    Repeating(CaptureRequest request) {
      this.request = request;
    }

    @Override
    public void onConfigured(CameraCaptureSession session) {
      if (closed) {
        return;
      }
      try {
        session.setRepeatingRequest(request, null, handler);
      } catch (CameraAccessException | IllegalStateException e) {
        fail(R.string.camera_failed);
      }
    }

    @Override
    public void onConfigureFailed(CameraCaptureSession session) {
      fail(R.string.camera_failed);
    }
  }

  /** On the camera's thread. */
  private void release() {
    closed = true;
    if (device != null) {
      device.close();
    }
    reader.close();
    preview.release();
    if (!opening) {
      thread.quitSafely();
    }
  }

  /** Returns at once; the camera closes after what it is doing. */
  @Override
  public void close() {
    handler.post(
        () -> {
          if (!closed) {
            release();
          }
        });
  }
}
