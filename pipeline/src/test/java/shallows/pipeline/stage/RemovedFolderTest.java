package shallows.pipeline.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.progress.Progress;
import shallows.pipeline.Run;
import shallows.pipeline.Shallows;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.TrainSettings;
import shallows.train.options.Compute;

@Tag("trains")
class RemovedFolderTest {
  @TempDir private Path temporary;

  @Test
  void aTrainingWhoseFolderGoesEndsWithTheNextStep() {
    Path folder = temporary.resolve("run");
    Path moved = temporary.resolve("moved");
    int[] steps = {0};
    Progress removing =
        new Progress() {
          private boolean trains;

          @Override
          public void start(String task, long total) {
            trains = task.equals("train");
          }

          @Override
          public void advance(long amount, String note) {
            if (trains && ++steps[0] == 2) {
              try {
                Files.move(folder, moved);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          }
        };
    Run run =
        Shallows.run(folder)
            .images("fashion-mnist-mini")
            .network("resnet-8-s2")
            .on(Compute.cpu(1))
            .heardBy(Listener.of(removing));
    TrainSettings training =
        TrainSettings.STANDARD.withData("fashion-mnist-mini", 300).withEpochs(3);
    BadInputException e = assertThrows(BadInputException.class, () -> run.train(training));
    assertTrue(e.getMessage().startsWith(folder + ": expected the folder"), e.getMessage());
    assertTrue(e.getMessage().contains("removed meanwhile"), e.getMessage());
    assertEquals(2, steps[0]);
    assertFalse(Files.exists(folder));
  }
}
