package shallows.pipeline.stage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.folder.Versions;
import shallows.train.evidence.LeaveOneOut;
import shallows.train.jobs.Job;
import shallows.train.jobs.Jobs;

/**
 * Leave-one-out of neighbouring blocks of a trained network. What is found of a block depends on
 * nothing but the network and the images ({@link LeaveOneOut}), so jobs together find what {@link
 * LeaveOneOut#measure} finds, to the bit.
 *
 * @param version of the program, {@link Versions#program}
 * @param network digits of the trained network
 * @param images digits of the images
 * @param blocks names, neighbours
 */
record LeaveOneOutJob(String version, String network, String images, List<String> blocks)
    implements Job<LeaveOneOutJob.Found> {
  private static final long serialVersionUID = 1;

  /**
   * What came of it.
   *
   * @param differences of each block, in their order
   */
  record Found(List<LeaveOneOut.Difference> differences) {}

  LeaveOneOutJob {
    blocks = List.copyOf(blocks);
  }

  /**
   * Of every block of the network that a stage has trained or taken in. What would be one job is
   * done here: nothing is gained by giving it away.
   */
  static Map<String, LeaveOneOut.Difference> measure(Work work, Graph graph) {
    Optional<StageJobs> others = work.jobs(Stage.TRAIN);
    List<List<Block>> groups = BlockGroups.of(graph, graph.blocks(), 1, BlockGroups.NETWORKS);
    if (others.isEmpty() || groups.size() < 2) {
      RunImages images = work.images();
      return LeaveOneOut.measure(
          graph, images.train(), images.heldOut(), work.compute(), work.progress());
    }
    String network = others.get().put(graph);
    String looked = others.get().put(JobImages.Use.LEAVE_ONE_OUT);
    List<LeaveOneOutJob> jobs = new ArrayList<>();
    for (List<Block> group : groups) {
      List<String> names = group.stream().map(Block::name).toList();
      jobs.add(new LeaveOneOutJob(Versions.program(), network, looked, names));
    }
    List<Found> found;
    work.progress().start("leave one out", jobs.size());
    try {
      found = others.get().results(jobs, () -> work.progress().advance(1, ""));
    } finally {
      work.progress().finish();
    }
    Map<String, LeaveOneOut.Difference> differences = new LinkedHashMap<>();
    for (int j = 0; j < jobs.size(); j++) {
      List<String> names = jobs.get(j).blocks();
      for (int b = 0; b < names.size(); b++) {
        differences.put(names.get(b), found.get(j).differences().get(b));
      }
    }
    return differences;
  }

  /** Another for other blocks, networks, images or programs. */
  @Override
  public String name() {
    return "leave-one-out-" + StageJobs.digits(version + network + images + blocks);
  }

  @Override
  public Class<Found> resultType() {
    return Found.class;
  }

  @Override
  public Found run(Jobs jobs) {
    Graph graph = StageJobs.network(jobs, network);
    JobImages.Opened opened = StageJobs.images(jobs, images);
    List<Block> group = StageJobs.blocks(graph, blocks);
    Map<String, LeaveOneOut.Difference> differences =
        LeaveOneOut.measure(
            graph, group, opened.estimating(), opened.measuring(), jobs.compute(), Progress.SILENT);
    return new Found(List.copyOf(differences.values()));
  }
}
