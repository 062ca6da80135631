// Draws the charts, and draws them again when the window, the colour scheme or the medium changes.

(function () {
  function failed(error) {
    const note = document.getElementById("trouble");
    note.hidden = false;
    note.dataset.error = String(error && error.message || error);
  }
  window.addEventListener("error", (event) => failed(event.error || event.message));

  const data = JSON.parse(document.getElementById("data").textContent);
  const drawn = new Map();

  function draw() {
    for (const [id, option] of Object.entries(charts)) {
      const element = document.getElementById(id);
      if (!element) {
        continue;
      }
      // An empty place takes no room (figures.css), so that a page without scripts has no gaps.
      element.classList.add("drawn");
      try {
        if (drawn.has(id)) {
          drawn.get(id).dispose();
        }
        const chart = echarts.init(element, null, { renderer: "svg" });
        drawn.set(id, chart);
        chart.setOption(option(data, readLook(element)));
        // On paper the drawing takes another size (page.css), which it can with a view box alone.
        const svg = element.querySelector("svg");
        svg.setAttribute("viewBox", [0, 0, element.clientWidth, element.clientHeight].join(" "));
      } catch (error) {
        failed(error);
      }
    }
  }

  let width = window.innerWidth;
  let waiting = 0;
  window.addEventListener("resize", () => {
    // A phone's address bar changes the height alone while scrolling.
    if (window.innerWidth !== width) {
      width = window.innerWidth;
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(draw);
    }
  });
  document.addEventListener("redraw", draw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

  window.addEventListener("beforeprint", () => {
    document.documentElement.classList.add("printing");
    draw();
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    draw();
  });

  draw();
})();
