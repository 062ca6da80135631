// What is taken for what, and the images whose answer changed, of the network or file that is chosen.

const lost = (function () {
  const element = document.getElementById("lost");
  const found = element ? JSON.parse(element.textContent) : null;
  const of = document.getElementById("lost-of");
  const as = document.getElementById("lost-as");

  /** Without scripts there is nothing to choose. */
  function begin() {
    if (!found || !of) {
      return;
    }
    of.closest("form").hidden = false;
    of.value = String(found.shown);
    for (const select of [of, as]) {
      select.addEventListener("change", () => {
        list();
        document.dispatchEvent(new Event("redraw"));
      });
    }
    list();
  }

  const shown = () => found.of[Number(of.value)];

  function node(name, kind, text) {
    const made = document.createElement(name);
    if (kind) {
      made.className = kind;
    }
    if (text !== undefined) {
      made.textContent = text;
    }
    return made;
  }

  const sure = (probability) => (100 * probability).toFixed(0) + "\u00a0%";

  /** Names come from files and folders of other people: they are only ever set as text. */
  function picture([image, source, label, before, beforeSure, after, afterSure], isLost) {
    const classes = found.classes;
    const item = node("li", isLost ? "wrong" : "right");
    if (found.pictures[image]) {
      const img = node("img");
      img.src = found.pictures[image];
      img.alt = "Test image " + source + " of the class " + classes[label];
      img.width = img.height = 84;
      item.append(img);
    }
    const words = node("div");
    const truth = node("p", "truth", classes[label] + " ");
    truth.append(node("span", "", isLost ? "\u2717 wrong now" : "\u2713 right now"));
    words.append(truth,
      node("p", "change-of", "before: " + classes[before] + ", " + sure(beforeSure)),
      node("p", "change-of", "now: " + classes[after] + ", " + sure(afterSure)),
      node("p", "note source", source));
    item.append(words);
    return item;
  }

  /** The largest confusions in words, beside those of the network that all are compared with. */
  function largest() {
    const reference = found.of[found.reference];
    const before = new Map(reference.cells.map(([label, answer, count]) => [label + "/" + answer, count]));
    // What is not in a list that has no room for all is not known.
    const isCompared = (cell) => shown().compared && (reference.whole || before.has(cell));
    document.getElementById("largest").replaceChildren(...shown().cells.slice(0, 10).map(([label, answer, count]) => {
      const item = node("li", "", found.classes[label] + " for " + found.classes[answer] + ": ");
      item.append(node("b", "", String(count)));
      if (isCompared(label + "/" + answer)) {
        item.append(", before " + (before.get(label + "/" + answer) || 0));
      }
      return item;
    }));
  }

  function list() {
    largest();
    const place = document.getElementById("changed");
    const { lost: gone, won, lostImages, wonImages } = shown();
    place.replaceChildren(...lostImages.map((each) => picture(each, true)),
      ...wonImages.map((each) => picture(each, false)));
    const more = gone + won - lostImages.length - wonImages.length;
    document.getElementById("changed-words").textContent = gone + won === 0
      ? (shown().compared ? "All images keep their answer or are wrong in both." : "The other networks and files are compared with this one.")
      : gone + " wrong now, " + won + " right now"
        + (more > 0 ? "; here are those with the surest wrong answers, up to 100 of each kind in report.json" : "")
        + ". A wrong answer that is sure may be a wrong label.";
  }

  return { found, shown, begin, compares: () => as.value === "change" };
})();
lost.begin();

/** More classes have no room: those are drawn that take part in the largest confusions. */
const MOST_CLASSES = 100;
const ROOM_FOR_MANY = 40;

function drawnClasses(shown, count) {
  if (count <= MOST_CLASSES) {
    return Array.from({ length: count }, (_, label) => label);
  }
  const chosen = new Set();
  for (const [label, answer] of shown.cells) {
    if (chosen.size < ROOM_FOR_MANY) {
      chosen.add(label).add(answer);
    }
  }
  return [...chosen].sort((a, b) => a - b);
}

charts.confusions = function (report, look) {
  const { classes, images, of, reference } = lost.found;
  const shown = lost.shown();
  const base = of[reference];
  const isChange = lost.compares() && shown !== base;
  const drawn = drawnClasses(shown, classes.length);
  const place = new Map(drawn.map((label, index) => [label, index]));
  const counts = new Map();
  const key = (label, answer) => label * classes.length + answer;
  // As a change, a cell counts where neither of the two lists may have had no room for it.
  const listed = (from) => new Set(from.cells.map(([label, answer]) => key(label, answer)));
  const known = [shown, base].filter((each) => isChange && !each.whole).map(listed);
  const add = (from, sign) => {
    from.cells.forEach(([label, answer, count]) => {
      counts.set(key(label, answer), (counts.get(key(label, answer)) || 0) + sign * count);
    });
    from.right.forEach((count, label) => {
      counts.set(key(label, label), (counts.get(key(label, label)) || 0) + sign * count);
    });
  };
  add(shown, 1);
  if (isChange) {
    add(base, -1);
  }
  const cells = [];
  for (const [cell, count] of counts) {
    const label = Math.floor(cell / classes.length);
    const answer = cell % classes.length;
    const isKnown = label === answer || known.every((cells) => cells.has(cell));
    if (count !== 0 && isKnown && place.has(label) && place.has(answer)) {
      cells.push({ label, answer, count, share: Math.abs(count) / Math.max(1, images[label]) });
    }
  }
  // Confusions are rare: with the root of its share a small one is seen beside a large one.
  const most = Math.max(0.01, ...cells.filter((cell) => isChange || cell.label !== cell.answer).map((cell) => cell.share));
  const color = ({ label, answer, count }) => ((label === answer) === (count > 0) ? look.keep : look.bad);
  const opacity = (cell) => (isChange || cell.label !== cell.answer
    ? 0.12 + 0.6 * Math.sqrt(cell.share / most) : 0.1 + 0.35 * cell.share);
  const name = (label) => classes[label];
  const longest = Math.max(...drawn.map((label) => name(label).length));
  const room = Math.min(look.isSmall ? 84 : 130, 14 + longest * 6.6);
  const side = Math.min(look.width - room - 12, look.height - room - 40);
  const step = side / drawn.length;
  const withNumbers = step >= 26;
  const labels = { color: look.faint, fontSize: look.isSmall ? 11 : 12, width: room - 14, overflow: "truncate",
    interval: Math.max(0, Math.ceil(14 / step) - 1) };
  const axis = (more) => Object.assign({ type: "category", data: drawn.map(name), axisLine: { show: false },
    axisTick: { show: false }, splitLine: { show: false },
    nameTextStyle: { color: look.faint, fontSize: 12 }, nameLocation: "middle" }, more);
  const option = baseOption(look);
  option.grid = { left: room, top: 26, width: side, height: side };
  option.xAxis = axis({ name: "answer", nameGap: room - 4, axisLabel: Object.assign({ rotate: 90 }, labels) });
  option.yAxis = axis({ inverse: true, axisLabel: labels });
  option.title = [panelTitle(look, "true class", 8, 4)];
  option.series = [{
    type: "custom",
    data: cells.map((cell) => [place.get(cell.answer), place.get(cell.label), cell.count]),
    renderItem: (params, api) => {
      const cell = cells[params.dataIndex];
      const [x, y] = api.coord([api.value(0), api.value(1)]);
      const gap = step > 8 ? 1 : 0;
      const box = { x: x - step / 2 + gap / 2, y: y - step / 2 + gap / 2, width: step - gap, height: step - gap };
      const square = { type: "rect", shape: box, style: { fill: color(cell), opacity: opacity(cell) } };
      if (!withNumbers) {
        return square;
      }
      const text = isChange && cell.count > 0 ? "+" + cell.count : String(cell.count).replace("-", "\u2212");
      return { type: "group", children: [square, { type: "text", silent: true, style: { text, x, y,
        align: "center", verticalAlign: "middle", fontSize: Math.min(12, step / 2.6), fill: look.ink } }] };
    },
    tooltip: { formatter: ({ dataIndex }) => {
      const cell = cells[dataIndex];
      const words = cell.label === cell.answer ? name(cell.label) + ", answered rightly"
        : name(cell.label) + ", taken for " + name(cell.answer);
      return tip(words, [[isChange ? "images more or fewer" : "images",
        (isChange && cell.count > 0 ? "+" : "") + String(cell.count).replace("-", "\u2212")],
      ["of the class", percentText(cell.share)], ["images of the class", String(images[cell.label])]]);
    } },
  }];
  return option;
};
