package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.Optional;
import shallows.export.Int8Tuning;
import shallows.export.metadata.Provenance;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.model.graph.Graph;
import shallows.pipeline.event.Event;
import shallows.train.loop.QuantizationAwareTraining;
import shallows.train.loop.QuantizationAwareTraining.Tuned;

/**
 * Quantization-aware training of a pruned network, by the recipe and on the images of its run.
 *
 * @param epochs at least 1
 */
record QatStep(int epochs, Work work) implements Int8Tuning {

  @Override
  public Optional<Graph> tune(String name, Graph floats, Calibrated calibrated, Path kept) {
    Tuned tuned =
        new QuantizationAwareTraining(
                work.images().train(),
                work.images().heldOut(),
                epochs,
                work.record().train().training(),
                work.compute())
            .run(
                floats,
                calibrated.graph().graph(),
                calibrated.graph().fakeQuantization(),
                kept,
                work.progress());
    work.tell(
        new Event.Int8Tuned(
            name,
            epochs,
            tuned.floats(),
            tuned.before().accuracy(),
            tuned.after().accuracy(),
            tuned.before().divergence(),
            tuned.after().divergence(),
            tuned.helped()));
    String passes = epochs == 1 ? "1 epoch" : epochs + " epochs";
    return tuned.helped()
        ? Optional.of(
            Provenance.withTuning(
                tuned.graph(), "fine-tuned for " + passes + " with simulated quantization"))
        : Optional.empty();
  }
}
