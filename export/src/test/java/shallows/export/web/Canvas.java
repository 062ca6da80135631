package shallows.export.web;

import java.util.Map;

/** A canvas of a page: what is on it, and a mouse or a finger. */
record Canvas(Browser browser, String id) {
  /** A place on it, after it was brought into view. */
  record Place(int x, int y) {
    Place plus(int right, int down) {
      return new Place(x + right, y + down);
    }
  }

  /** The upper left corner. */
  Place corner() throws Exception {
    var box =
        browser
            .evaluate(
                "(() => { const part = document.getElementById('"
                    + id
                    + "'); part.scrollIntoView(); const box = part.getBoundingClientRect();"
                    + " return [box.left, box.top]; })()")
            .getAsJsonArray();
    return new Place((int) box.get(0).getAsDouble(), (int) box.get(1).getAsDouble());
  }

  void mouse(String type, Place at) throws Exception {
    browser.call(
        "Input.dispatchMouseEvent",
        Map.of(
            "type", type, "x", at.x, "y", at.y, "button", "left", "buttons", 1, "clickCount", 1));
  }

  /**
   * @param fingers where those are that touch it now
   */
  void touch(String type, Place... fingers) throws Exception {
    Object[] points = new Object[fingers.length];
    for (int i = 0; i < points.length; i++) {
      points[i] = Map.of("x", fingers[i].x, "y", fingers[i].y, "id", i);
    }
    browser.call("Input.dispatchTouchEvent", Map.of("type", type, "touchPoints", points));
  }

  /** The number of light pixels, as an expression. */
  String lit() {
    return reduced("(value > 100 ? 1 : 0)");
  }

  /** The sum of all pixels, as an expression. */
  String sum() {
    return reduced("value");
  }

  int number(String expression) throws Exception {
    return browser.evaluate(expression).getAsInt();
  }

  /** Over the red of the pixels. */
  private String reduced(String value) {
    return "(() => { const canvas = document.getElementById('"
        + id
        + "'); return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)"
        + ".data.reduce((sum, value, i) => i % 4 ? sum : sum + "
        + value
        + ", 0); })()";
  }
}
