package shallows.train.loop;

import com.google.gson.reflect.TypeToken;
import java.util.ArrayList;
import java.util.List;
import shallows.model.json.JsonFormat;
import shallows.train.checkpoint.Restorable;
import shallows.train.checkpoint.State;

/** How often a training went back so far; each time halves its learning rate. */
final class Rollbacks implements Restorable {
  /** A thirty-second of the rate asked for: what still diverges then has another reason. */
  static final int MOST = 5;

  private static final String LIST = "list";
  private static final JsonFormat<List<Rollback>> FORMAT =
      new JsonFormat<>(new TypeToken<List<Rollback>>() {}, "list", null);
  private final List<Rollback> list = new ArrayList<>();

  void add(Rollback rollback) {
    list.add(rollback);
  }

  List<Rollback> list() {
    return List.copyOf(list);
  }

  int count() {
    return list.size();
  }

  /** Whether the last of them went back to this step. */
  boolean wentBackTo(long step) {
    return !list.isEmpty() && list.get(list.size() - 1).backTo() == step;
  }

  /** What the learning rate of the schedule is multiplied with: 2 to the power of minus n. */
  double rateFactor() {
    return Math.scalb(1.0, -list.size());
  }

  @Override
  public State state() {
    return State.ofText(LIST, JsonFormat.compact(list));
  }

  @Override
  public void restore(State state) {
    list.clear();
    list.addAll(state.value(LIST, FORMAT));
  }
}
