// Brings the parts together: a picture from somewhere, what the network sees of it, the answer.
import { checksSums, loadBundle } from "./bundle.js";
import { Camera } from "./camera.js";
import { Drawing } from "./drawing.js";
import { readImage } from "./images.js";
import { openAll } from "./models.js";
import { lacking } from "./network.js";
import { forNetwork, inverted } from "./pixels.js";
import { TEXTS } from "./texts.js";
import { byId, element, fillTexts, paint, ranked, say, showBars, table } from "./view.js";

const BENCHMARK_ROUNDS = 15;
// Milliseconds between two live answers that a screen reader is told.
const SPOKEN_EVERY = 2000;
// Takes the place of a picture before there is one.
const BLANK = { channels: 1, height: 1, width: 1, bytes: new Uint8Array(1) };

const camera = new Camera(byId("video"));
let drawing;
let bundle;
let networks = [];
let picture;
let spoken = 0;
// One answer at a time; of pictures that come meanwhile, the last.
let answering = Promise.resolve();

const title = (network) => TEXTS.modelTitle(network.model);

async function begin() {
  fillTexts();
  say("state", TEXTS.opening);
  offline();
  try {
    const reason = lacking();
    if (reason) {
      throw new Error(reason);
    }
    bundle = await loadBundle();
    byId("name").textContent = bundle.name;
    document.title = TEXTS.title(bundle.name);
    byId("data").textContent = TEXTS.trainedOn(bundle.data, bundle.labels.length);
    const opened = await openAll(bundle, (model) => say("state", TEXTS.openingModel(TEXTS.modelTitle(model), model.bytes)));
    networks = opened.networks;
    showCheck(opened);
    if (networks.length === 0) {
      throw new Error([TEXTS.noModels, ...opened.results.map(({ result }) => result.problem)].join("; "));
    }
    prepare(opened);
    say("state", undefined);
    byId("work").hidden = false;
    if (opened.samples.length > 0) {
      await show(opened.samples[0].image);
    }
  } catch (e) {
    say("state", TEXTS.broken(e.message));
    byId("state").classList.add("bad");
  }
  document.body.dataset.ready = "true";
}

function showCheck({ samples, results }) {
  const failed = results.filter(({ result }) => result.problem !== undefined);
  const verdict = failed.length === 0 ? TEXTS.checkPassed(samples.length) : TEXTS.checkFailed(failed.length, results.length);
  byId("verdict").textContent = checksSums ? verdict : `${verdict} ${TEXTS.noSum}`;
  byId("verdict").className = failed.length === 0 ? "good" : "bad";
  const rows = results.map(({ model, file, result }) => TEXTS.checkRow(model ? TEXTS.modelTitle(model) : file, result));
  byId("checked").replaceChildren(table(TEXTS.checkHead, rows));
}

function prepare({ samples, results }) {
  byId("model").replaceChildren(
    ...networks.map((network, i) => element("option", { value: i, text: title(network) })),
    ...results.filter(({ model, result }) => model && result.problem !== undefined)
      .map(({ model, result }) => element("option", { disabled: "", text: TEXTS.notOffered(TEXTS.modelTitle(model), result.problem) })));
  byId("model").addEventListener("change", () => show(picture));
  byId("compare").addEventListener("change", () => show(picture));
  byId("samples").replaceChildren(...samples.map((sample, i) => {
    const canvas = element("canvas", { "aria-hidden": "true" });
    paint(canvas, sample.image);
    const button = element("button", { type: "button", "aria-label": TEXTS.sample(i + 1, bundle.labels[sample.label]) }, canvas);
    button.addEventListener("click", () => choose(sample.image));
    return element("li", {}, button);
  }));
  byId("pixels").textContent = TEXTS.pixels(bundle.input.width, bundle.input.height);
  const grey = bundle.input.channels === 1;
  byId("invert-row").hidden = !grey;
  byId("draw").hidden = !grey;
  byId("invert").addEventListener("change", () => show(picture));
  drawing = new Drawing(byId("board"), () => show(drawing.image));
  byId("draw").addEventListener("click", () => draw(byId("drawing").hidden));
  byId("clear").addEventListener("click", () => drawing.clear());
  byId("camera").addEventListener("click", () => (camera.isOn ? cameraOff() : cameraOn()));
  document.addEventListener("visibilitychange", () => document.hidden && cameraOff());
  files();
  byId("measure").addEventListener("click", measure);
}

function files() {
  byId("choose").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", () => {
    read(byId("file").files[0]);
    byId("file").value = "";
  });
  for (const event of ["dragenter", "dragover"]) {
    document.addEventListener(event, (dragged) => {
      dragged.preventDefault();
      document.body.classList.add("dragging");
    });
  }
  document.addEventListener("dragleave", () => document.body.classList.remove("dragging"));
  document.addEventListener("drop", (dropped) => {
    dropped.preventDefault();
    document.body.classList.remove("dragging");
    read(dropped.dataTransfer.files[0]);
  });
  document.addEventListener("paste", (pasted) => read(pasted.clipboardData.files[0]));
}

async function read(file) {
  if (!file) {
    return;
  }
  try {
    await choose(await readImage(file));
  } catch {
    say("problem", TEXTS.unreadable);
  }
}

/** A picture that stays, where there was a camera or a drawing. */
async function choose(image) {
  cameraOff();
  draw(false);
  say("problem", undefined);
  await show(image);
}

function draw(on) {
  byId("drawing").hidden = !on;
  byId("draw").setAttribute("aria-pressed", on);
  if (on) {
    cameraOff();
    say("problem", undefined);
    drawing.clear();
    byId("invert").checked = false;
  }
}

async function cameraOn() {
  draw(false);
  say("problem", undefined);
  say("state", TEXTS.cameraStarting);
  try {
    await camera.start();
  } catch (e) {
    say("problem", e.message);
    return;
  } finally {
    say("state", undefined);
  }
  byId("live").hidden = false;
  byId("camera").setAttribute("aria-pressed", "true");
  while (camera.isOn) {
    const frame = await camera.frame();
    if (frame) {
      await show(frame);
    }
  }
}

function cameraOff() {
  camera.stop();
  byId("live").hidden = true;
  byId("camera").setAttribute("aria-pressed", "false");
}

/** Shows a picture as the network sees it, and what the models say. */
function show(image) {
  picture = image;
  answering = answering
    .then(() => image === picture && answer(image))
    .catch((e) => say("problem", e.message));
  return answering;
}

async function answer(image) {
  if (!image) {
    return;
  }
  let seen = forNetwork(image, bundle.input);
  if (byId("invert").checked) {
    seen = inverted(seen);
  }
  paint(byId("seen"), seen);
  const network = networks[byId("model").value];
  const answers = ranked(await network.logits(seen), bundle.labels);
  const best = TEXTS.best(answers[0].label, answers[0].share);
  byId("best").textContent = best;
  speak(best);
  showBars(byId("bars"), answers);
  byId("cost").textContent = TEXTS.cost(title(network), network.time, network.model.bytes);
  await compare(seen);
}

/** To a screen reader: every still picture, and of live ones no more than can be heard. */
function speak(best) {
  const now = performance.now();
  if (!camera.isOn || now - spoken > SPOKEN_EVERY) {
    byId("spoken").textContent = best;
    spoken = now;
  }
}

async function compare(seen) {
  const place = byId("compared");
  place.hidden = !byId("compare").checked;
  if (place.hidden) {
    return;
  }
  const rows = [];
  for (const network of networks) {
    const [{ label, share }] = ranked(await network.logits(seen), bundle.labels);
    rows.push(TEXTS.comparedRow(title(network), label, share, network.time, network.model.bytes));
  }
  place.replaceChildren(table(TEXTS.comparedHead, rows));
}

async function measure() {
  cameraOff();
  byId("measure").disabled = true;
  const rows = [];
  try {
    const image = forNetwork(picture ?? BLANK, bundle.input);
    for (const network of networks) {
      byId("measuring").textContent = TEXTS.measuring(title(network));
      // Lets the page show that.
      await new Promise((next) => setTimeout(next));
      const { median, fastest } = await network.measure(image, BENCHMARK_ROUNDS);
      rows.push(TEXTS.measuredRow(title(network), median, fastest, network.model.bytes));
      byId("measured").replaceChildren(table(TEXTS.measuredHead, rows));
      byId("measured").hidden = false;
    }
    byId("measuring").textContent = TEXTS.measuredAll;
  } catch (e) {
    byId("measuring").textContent = "";
    say("problem", e.message);
  }
  byId("measure").disabled = false;
}

async function offline() {
  if (!navigator.serviceWorker) {
    return;
  }
  try {
    await navigator.serviceWorker.register("sw.js");
    await navigator.serviceWorker.ready;
    byId("offline").textContent = TEXTS.offline;
  } catch {
    // A browser that keeps nothing, as in a private window: the page works all the same.
  }
}

begin();
