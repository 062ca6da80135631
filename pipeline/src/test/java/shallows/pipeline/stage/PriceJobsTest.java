package shallows.pipeline.stage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportSettings;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.json.Changes;
import shallows.model.network.Networks;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.folder.TrainSettings;
import shallows.prune.plan.Decision;
import shallows.prune.search.AccuracyMeter;
import shallows.prune.search.BlockPrices;
import shallows.prune.search.MeasuredNetwork;
import shallows.train.jobs.JobRunner;
import shallows.train.options.Compute;

/** Cuts of a network that nobody has trained, on pictures of clothes of 8 x 8 pixels. */
class PriceJobsTest {
  @TempDir private Path folder;
  private final List<Integer> lists = new ArrayList<>();

  private final JobRunner others =
      (chains, jobs, afterEach) -> {
        lists.add(chains.size());
        JobRunner.HERE.run(chains, jobs, afterEach);
      };

  private static RunRecord record() {
    TrainSettings settings = TrainSettings.STANDARD.withData(TrainSettings.DATA, 100);
    return RunRecord.begin(
        "trial",
        "prune",
        Changes.in(settings, "size", 8),
        PruneSettings.STANDARD,
        ExportSettings.STANDARD);
  }

  @Test
  void cutsAreMeasuredToTheBitWhereThereAreTwoJobsOfThem() {
    try (OpenRun run = OpenRun.of(new RunFolder(folder), record())) {
      Work work = new Work(run, Compute.cpu(1), Listener.SILENT, Optional.of(others));
      RunImages images = work.images();
      Task task = new Task(images.train().classes(), List.of(0.3f), List.of(0.4f));
      Graph graph = Networks.create("resnet-38-s2", Shape.of(1, 8, 8), task, 1);
      // As the best prices come first, not as they lie in the network.
      List<Block> blocks = new ArrayList<>(graph.blocks());
      Collections.reverse(blocks);
      PriceJobs prices = new PriceJobs(work.jobs(Stage.PRUNE).orElseThrow());

      assertEquals(Optional.empty(), prices.ofCuts(graph, blocks.subList(0, 4), Decision.DROP));
      assertFalse(Files.exists(run.folder().jobs(Stage.PRUNE)));

      AccuracyMeter here = AccuracyMeter.choosing(images.train(), images.heldOut(), Compute.cpu(1));
      for (Decision decision : List.of(Decision.DROP, Decision.BINARIZE)) {
        List<MeasuredNetwork> expected = here.measureCuts(graph, blocks, decision);

        List<BlockPrices.Answers> found = prices.ofCuts(graph, blocks, decision).orElseThrow();

        for (int b = 0; b < blocks.size(); b++) {
          assertArrayEquals(expected.get(b).losses(), found.get(b).losses());
          assertArrayEquals(expected.get(b).right(), found.get(b).right());
        }
      }
      assertTrue(lists.size() == 2 && lists.get(0) >= 3, lists::toString);
      String[] left = run.folder().jobs(Stage.PRUNE).toFile().list();
      assertTrue(Stream.of(left).noneMatch(name -> name.endsWith(".onnx")), "they are large");
    }
  }

  @Test
  void answersThatAreNoNumbersStayThat() {
    Graph graph = Networks.create("resnet-8-s2", Shape.of(1, 8, 8), Task.unnamed(2, 1), 1);
    MeasuredNetwork broken =
        new MeasuredNetwork(
            graph, new double[] {Double.NaN, 0.1, 2}, new boolean[] {false, true, false});

    BlockPrices.Answers answers = CutsJob.Cut.of(broken).answers();

    assertArrayEquals(broken.losses(), answers.losses());
    assertArrayEquals(broken.right(), answers.right());
  }
}
