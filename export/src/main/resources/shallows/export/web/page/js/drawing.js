// A finger on a canvas: white on black, as the pictures of such networks are.
import { drawn } from "./images.js";

// Of the canvas: about what a pen has in digits of 28 pixels.
const WIDTH = 1 / 12;

export class Drawing {
  #canvas;
  #context;

  /** `changed` is called after every stroke. */
  constructor(canvas, changed) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { willReadFrequently: true });
    // Of the finger that draws; what else touches the glass meanwhile does not.
    let finger;
    let last;
    canvas.addEventListener("pointerdown", (event) => {
      if (finger === undefined) {
        finger = event.pointerId;
        canvas.setPointerCapture(finger);
        last = this.#place(event);
        this.#line(last, last);
      }
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId === finger) {
        const next = this.#place(event);
        this.#line(last, next);
        last = next;
      }
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => {
        if (event.pointerId === finger) {
          finger = undefined;
          changed();
        }
      });
    }
    this.clear();
  }

  clear() {
    this.#context.fillStyle = "black";
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  get image() {
    return drawn(this.#canvas, this.#canvas.width, this.#canvas.height);
  }

  #place(event) {
    const shown = this.#canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - shown.left) * this.#canvas.width) / shown.width,
      y: ((event.clientY - shown.top) * this.#canvas.height) / shown.height,
    };
  }

  #line(from, to) {
    const context = this.#context;
    context.strokeStyle = "white";
    context.lineWidth = this.#canvas.width * WIDTH;
    context.lineCap = "round";
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }
}
