package shallows.train.loop;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.inference.BatchNormStatistics;
import shallows.train.options.Compute;
import shallows.train.options.TrainingOptions;

/** A program that trains small networks reproducibly and prints what hashes they have. */
final class ReproducibleTraining {
  /**
   * A plain network, drawn masks, and depthwise convolutions; small ones, as Java 17 and 25 part
   * where normal numbers are drawn by the million.
   */
  private static final List<String> NETWORKS = List.of("resnet-14-s2", "wrn-10-1-d0.3-s2");

  private ReproducibleTraining() {}

  /**
   * @param arguments how many threads, then perhaps {@code late}: after something that is not
   *     reproducible
   */
  public static void main(String[] arguments) throws NoSuchAlgorithmException {
    int threads = Integer.parseInt(arguments[0]);
    LabelledImages train = TestImages.of(192, 1);
    LabelledImages heldOut = TestImages.of(30, 2);
    if (arguments.length > 1) {
      BatchNormStatistics.reestimate(TestImages.network(1), heldOut, Compute.cpu(1));
    }
    Task task = new Task(train.classes(), List.of(0.4f), List.of(0.25f));
    Shape image = Shape.of(1, train.height(), train.width());
    List<Graph> networks = new ArrayList<>();
    NETWORKS.forEach(name -> networks.add(Networks.create(name, image, task, 1)));
    networks.add(depthwise(image, task));
    for (Graph network : networks) {
      Graph trained =
          Trainer.train(
                  Trainee.of(SurvivalSchedule.parse("linear:0.5").applyTo(network)),
                  new HeldOutSplit(train, heldOut),
                  TrainingOptions.standard(1).withEpochs(2),
                  Compute.cpu(threads).withReproducible(true),
                  Progress.SILENT)
              .graph();
      System.out.println(network.name() + " " + hash(trained));
    }
  }

  /** Two blocks as those of MobileNetV2. */
  private static Graph depthwise(Shape image, Task task) {
    int narrow = 16;
    int wide = 48;
    Operation.Conv2d separate =
        new Operation.Conv2d(Extent.square(1), Extent.square(1), Extent.ONE, wide, Precision.FLOAT);
    GraphBuilder builder = new GraphBuilder("depthwise", image, task, 1);
    String x = builder.conv("stem/conv", builder.image(), narrow, 3, Operation.Conv2d.of(2, 1));
    x = builder.batchNorm("stem/norm", x);
    for (String block : List.of("block1", "block2")) {
      String branch = builder.conv(block + "/1/conv", x, wide, 1, Operation.Conv2d.of(1, 0));
      branch = builder.batchNorm(block + "/1/norm", branch);
      branch = builder.add(block + "/1/relu", Operation.Clip.RELU6, branch);
      branch = builder.conv(block + "/2/conv", branch, wide, 3, separate);
      branch = builder.batchNorm(block + "/2/norm", branch);
      branch = builder.add(block + "/2/relu", Operation.Clip.RELU6, branch);
      branch = builder.conv(block + "/3/conv", branch, narrow, 1, Operation.Conv2d.of(1, 0));
      branch = builder.batchNorm(block + "/3/norm", branch);
      x = builder.residual(block, x, branch);
    }
    x = builder.add("pool", new Operation.GlobalAveragePool(), x);
    x = builder.add("flatten", new Operation.Flatten(), x);
    return builder.build(builder.linear("classifier", x, task.labels().size()));
  }

  private static String hash(Graph graph) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Tensor parameter : graph.parameters().values()) {
      ByteBuffer bytes = ByteBuffer.allocate(parameter.size() * Float.BYTES);
      bytes.asFloatBuffer().put(parameter.values());
      digest.update(bytes.array());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
