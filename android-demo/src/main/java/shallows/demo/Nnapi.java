package shallows.demo;

import android.content.Context;
import android.content.SharedPreferences;
import android.os.Build;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether the phone's NNAPI computes the models. Its drivers come from the phone's maker, and some
 * give other answers or end the process. So it is only used where somebody asks for it, and each
 * time that a bundle is opened the self-check comes first. One that fails is not used, and asked
 * for again before it is tried again.
 */
final class Nnapi {
  private static final String WANTED = "wanted";

  /** There while it is tried; found at the start, it ended the process. */
  private static final String TRYING = "trying";

  /** Why it is not used. */
  private static final String PROBLEM = "problem";

  private Nnapi() {}

  /** Android has it since version 8.1. */
  static boolean isOffered() {
    return Build.VERSION.SDK_INT >= Build.VERSION_CODES.O_MR1;
  }

  static boolean isWanted(Context context) {
    return isOffered() && state(context).getBoolean(WANTED, false);
  }

  static void want(Context context, boolean wanted) {
    state(context).edit().putBoolean(WANTED, wanted).remove(PROBLEM).apply();
  }

  /** What became of it, for whoever asked. */
  static String told(Context context) {
    String problem = state(context).getString(PROBLEM, "");
    return isWanted(context) ? context.getString(R.string.nnapi_used) : problem;
  }

  /**
   * The bundle with its models on NNAPI; null where that is not wanted, or not as it should be.
   *
   * @param threads of what NNAPI does not take
   */
  static OpenBundle open(Context context, ModelBundle bundle, int threads) {
    if (!isWanted(context)) {
      return null;
    }
    if (state(context).getBoolean(TRYING, false)) {
      refuse(context, context.getString(R.string.nnapi_ended));
      return null;
    }
    // At once, before a driver has a chance to end the process.
    boolean written = state(context).edit().putBoolean(TRYING, true).commit();
    OpenBundle open = null;
    Optional<String> problem;
    try {
      open = new OpenBundle(bundle, threads, true);
      problem = difference(context, open);
    } catch (DamagedBundle | IllegalStateException e) {
      problem = Optional.of(e.getMessage());
    }
    written &= state(context).edit().remove(TRYING).commit();
    if (problem.isEmpty() && written) {
      return open;
    }
    if (open != null) {
      open.close();
    }
    String reason = problem.orElse(context.getString(R.string.no_room));
    refuse(context, context.getString(R.string.nnapi_refused, reason));
    return null;
  }

  /** The largest of a model that fails its check. */
  private static Optional<String> difference(Context context, OpenBundle open)
      throws DamagedBundle {
    return SelfCheck.of(open).stream()
        .filter(result -> !result.passed())
        .max(Comparator.comparingDouble(SelfCheck.Result::difference))
        .map(
            result ->
                context.getString(
                    R.string.nnapi_differs,
                    result.model().title(),
                    String.format(Locale.getDefault(), "%.2g", result.difference()),
                    String.format(Locale.getDefault(), "%.2g", result.allowed())));
  }

  private static void refuse(Context context, String problem) {
    state(context).edit().remove(WANTED).remove(TRYING).putString(PROBLEM, problem).apply();
  }

  private static SharedPreferences state(Context context) {
    return context.getSharedPreferences("nnapi", Context.MODE_PRIVATE);
  }
}
