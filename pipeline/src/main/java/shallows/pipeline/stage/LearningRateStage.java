package shallows.pipeline.stage;

import java.util.Optional;
import shallows.model.graph.Graph;
import shallows.pipeline.event.Event;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;
import shallows.train.loop.LearningRateCurve;
import shallows.train.loop.LearningRateFinder;
import shallows.train.options.Compute;

/** What comes before a training: which learning rate it wants. It writes nothing. */
public final class LearningRateStage {
  private LearningRateStage() {}

  /**
   * @param asked what the training would be asked for, of a network that begins with nothing
   */
  public static LearningRateCurve run(RunRecord asked, Compute compute, Listener listener) {
    TrainSettings settings = asked.train();
    RunImages images = RunImages.open(asked, Optional.empty(), listener);
    images.check(asked).map(Event.ImagesChecked::new).ifPresent(listener::hear);
    Graph fresh = TrainStage.freshNetwork(settings, images);
    return LearningRateFinder.find(
        TrainStage.trainee(fresh, settings),
        images.train(),
        settings.training(),
        compute.withReproducible(settings.reproducible()),
        listener.progress());
  }
}
