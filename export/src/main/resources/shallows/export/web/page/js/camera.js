// The camera of the device: asked for when it is switched on, off when the page is out of sight.
import { drawn } from "./images.js";
import { TEXTS } from "./texts.js";

const PROBLEMS = {
  NotAllowedError: TEXTS.cameraRefused,
  SecurityError: TEXTS.cameraRefused,
  NotFoundError: TEXTS.cameraMissing,
  OverconstrainedError: TEXTS.cameraMissing,
  NotReadableError: TEXTS.cameraBusy,
  AbortError: TEXTS.cameraBusy,
};

export class Camera {
  #video;
  #stream;

  constructor(video) {
    this.#video = video;
  }

  get isOn() {
    return this.#stream !== undefined;
  }

  /** Throws, in words, where there is no camera to be had. */
  async start() {
    if (!navigator.mediaDevices?.getUserMedia) {
      throw new Error(TEXTS.cameraInsecure);
    }
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: { ideal: "environment" }, width: { ideal: 640 }, height: { ideal: 480 } },
      });
      this.#video.srcObject = this.#stream;
      await this.#video.play();
    } catch (e) {
      this.stop();
      throw new Error(PROBLEMS[e.name] ?? TEXTS.cameraFailed(e.message));
    }
  }

  stop() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = undefined;
    this.#video.srcObject = null;
  }

  /** Waits until there is a new picture, and gives it; undefined when the camera is off. */
  async frame() {
    const video = this.#video;
    await new Promise((next) => {
      if (video.requestVideoFrameCallback) {
        video.requestVideoFrameCallback(next);
      } else {
        requestAnimationFrame(next);
      }
    });
    return this.isOn && video.videoWidth > 0 ? drawn(video, video.videoWidth, video.videoHeight) : undefined;
  }
}
