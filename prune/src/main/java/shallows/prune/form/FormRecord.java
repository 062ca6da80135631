package shallows.prune.form;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.prune.plan.Form;

/**
 * The narrow, linear and scaled blocks of a graph, in its metadata: a plan that is applied to its
 * own result finds there what it has done already.
 */
record FormRecord(Map<String, String> forms) {
  /** One block a line: its form, a space, its name. */
  private static final String KEY = "shallows.formed";

  static FormRecord of(Graph graph) {
    Map<String, String> forms = new TreeMap<>();
    String lines = graph.metadata().getOrDefault(KEY, "");
    lines
        .lines()
        .forEach(
            line -> {
              String[] sides = line.split(" ", 2);
              forms.put(sides[sides.length - 1], sides[0]);
            });
    return new FormRecord(forms);
  }

  /** Whether a block can have a form: one that was fitted before keeps its own, or is dropped. */
  boolean allows(String block, Form form) {
    String found = forms.get(block);
    return found == null || !form.isFitted() || found.equals(written(form));
  }

  /**
   * What is still to do for a block.
   *
   * @throws BadInputException where it has another form that this one cannot be made of
   */
  Form missing(String block, Form form) {
    String found = forms.get(block);
    if (found == null || !form.isFitted()) {
      return form;
    }
    if (allows(block, form)) {
      return Form.KEEP;
    }
    throw new BadInputException(
        "block '"
            + block
            + "' of this network has been fitted as "
            + found
            + ", and the plan wants "
            + written(form)
            + "; apply the plan to the full network");
  }

  /** With those of a plan that was carried out. */
  FormRecord with(Map<String, Form> done) {
    Map<String, String> all = new TreeMap<>(forms);
    done.forEach(
        (block, form) -> {
          if (form.isFitted()) {
            all.put(block, written(form));
          } else if (form.equals(Form.DROP)) {
            all.remove(block);
          }
        });
    return new FormRecord(all);
  }

  Graph writtenTo(Graph graph) {
    return forms.isEmpty()
        ? graph
        : graph.withMetadata(
            KEY,
            forms.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining("\n")));
  }

  private static String written(Form form) {
    String decision = form.decision().name().toLowerCase(Locale.ROOT);
    return form.width() == null ? decision : decision + ":" + form.width();
  }
}
