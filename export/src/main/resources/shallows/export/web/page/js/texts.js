// Every English sentence of the page that changes or stands in it, in one place to translate.
const percent = (share) => `${(100 * share).toFixed(1)} %`;
// Clocks of browsers go in steps of up to a millisecond.
const milliseconds = (value) => (value === 0 ? "under 1 ms" : `${value.toFixed(value < 10 ? 2 : 1)} ms`);
const size = (bytes) => (bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
const figure = (value) => Number(value.toPrecision(2)).toString();

export const TEXTS = {
  // What stands in the page from the start, by its data-text and data-label.
  picture: "Picture",
  camera: "Camera",
  choose: "Choose a picture",
  draw: "Draw",
  video: "What the camera sees",
  board: "Drawing surface: draw with a finger or a mouse",
  drawHint: "Draw with a finger, as large as the square.",
  clear: "Clear",
  seen: "The picture as the network sees it",
  invert: "Swap light and dark",
  samples: "Samples",
  drop: "A picture can also be dropped anywhere on this page, or pasted.",
  answer: "Answer",
  model: "Model",
  classes: "Classes, the likeliest first",
  compare: "Compare all models",
  check: "Self-check",
  checkDetails: "Model by model",
  benchmark: "Benchmark",
  benchmarkHint: "Times every model on one image, on one thread, and shows the median. Keep the device cool and this page in front.",
  measure: "Measure",
  privacy: "Pictures stay on this device: the page sends nothing, stores no picture and asks no other host.",
  bundle: "What this network is, and how to use it elsewhere",
  licenses: "Licences",

  // What is said as it goes.
  opening: "Opening the models…",
  openingModel: (title, bytes) => `Opening and checking ${title} (${size(bytes)})…`,
  title: (name) => `Shallows: ${name}`,
  trainedOn: (data, count) => `${count} classes of ${data}`,
  pixels: (width, height) => `The network sees ${width} × ${height} pixels`,
  sample: (number, label) => `Sample ${number}: ${label}`,
  modelTitle: (model) => `${model.member ?? model.network} ${model.precision}`,
  best: (label, share) => `${label}, ${percent(share)}`,
  percent,
  cost: (title, time, bytes) => `${title} · ${milliseconds(time)} (median of the last) · ${size(bytes)}`,
  comparedHead: ["Model", "Class", "Share", "Time", "Size"],
  comparedRow: (title, label, share, time, bytes) => [title, label, percent(share), milliseconds(time), size(bytes)],
  notOffered: (title, why) => `${title}: not offered, ${why}`,

  checkPassed: (samples) => `Everything works: on ${samples} samples, every model gives in this browser what it gave when it was verified.`,
  checkFailed: (failed, models) => `Something is wrong: ${failed} of ${models} models do not give in this browser what they gave when they were verified. They are not offered.`,
  checkHead: ["Model", "Result", "Same class", "Difference, of the largest output", "Allowed"],
  checkRow: (title, result) => [
    title,
    result.problem ?? "passed",
    result.samples ? `${result.same} of ${result.samples}` : "",
    result.samples ? figure(result.difference) : "",
    result.samples ? figure(result.allowed) : "",
  ],
  differs: (sample) => `other outputs for ${sample} than were verified`,
  doesNotRun: (reason) => `this browser's runtime does not run it (${reason})`,
  anotherFile: (file) => `${file} is not the file that was verified`,
  noFile: (file, status) => `${file} cannot be loaded (${status})`,
  noSum: "Checksums were not compared: a browser does so only over https or on localhost.",

  broken: (reason) => `This page cannot be used: ${reason}.`,
  damaged: (reason) => `bundle/model.json is damaged (${reason}); make the page again`,
  version: (found, known) => `version ${found}, this page knows ${known}`,
  noModels: "none of its models runs here",
  noWasm: "this browser has no WebAssembly; use a newer one, or switch it on",
  noSimd: "this browser has no WebAssembly SIMD, which the runtime needs; use one of 2021 or later (Safari: 2023)",

  cameraStarting: "Opening the camera…",
  cameraRefused: "The camera is not allowed here. Allow it for this page in the browser's settings; pictures and samples work without it.",
  cameraMissing: "This device has no camera. Pictures and samples work without it.",
  cameraBusy: "The camera is in use by another program or switched off.",
  cameraFailed: (reason) => `The camera does not work right now (${reason}).`,
  cameraInsecure: "A browser gives the camera to pages over https or on localhost alone. Pictures and samples work here too.",
  unreadable: "This picture cannot be read; choose another one.",

  measuring: (title) => `Measuring ${title}…`,
  measuredAll: "Measured.",
  measuredHead: ["Model", "Median", "Fastest", "Size"],
  measuredRow: (title, median, fastest, bytes) => [title, milliseconds(median), milliseconds(fastest), size(bytes)],
  offline: "Works without a network from now on.",
};
