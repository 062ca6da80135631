import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What the default run promises, checked in its report.json: an accurate full network, at least a
 * third of the blocks dropped or binarized, every file passed, outputs as the interpreter has them.
 */
final class Acceptance {
  /** Precisions whose files round. */
  private static final Set<String> INTEGERS = Set.of("int8", "binary-fast", "mixed");

  private static int missed;

  private Acceptance() {}

  public static void main(String[] arguments) throws Exception {
    JsonObject report =
        JsonParser.parseString(Files.readString(Path.of(arguments[0]))).getAsJsonObject();
    double accuracy = report.getAsJsonObject("full").get("accuracy").getAsDouble();
    check(accuracy >= 0.87, "the full network is at least 0.87 accurate on test images", accuracy);
    int blocks = 0;
    int cut = 0;
    for (JsonElement block : report.getAsJsonObject("pruned").getAsJsonArray("blocks")) {
      blocks++;
      cut += block.getAsJsonObject().get("decision").getAsString().equals("keep") ? 0 : 1;
    }
    check(blocks >= 15, "the network has at least 15 blocks", blocks);
    check(3 * cut >= blocks, "at least a third of the blocks are dropped or binarized", cut);
    int files = 0;
    for (JsonElement element : report.getAsJsonArray("exports")) {
      JsonObject file = element.getAsJsonObject();
      files++;
      String name = file.get("file").getAsString();
      check(file.get("passed").getAsBoolean(), "passed its check", name);
      // Rounding to 8 bits may turn an image that was undecided; other forms may turn none.
      double least = INTEGERS.contains(file.get("precision").getAsString()) ? 0.97 : 0.999;
      check(file.get("agreement").getAsDouble() >= least, "agrees with its graph", name);
    }
    check(files >= 4, "at least four files are exported", files);
    System.out.println(missed == 0 ? "the default run keeps its promises" : missed + " missed");
    System.exit(missed == 0 ? 0 : 1);
  }

  private static void check(boolean holds, String promise, Object found) {
    System.out.println((holds ? "yes  " : "NO   ") + promise + ": " + found);
    missed += holds ? 0 : 1;
  }
}
