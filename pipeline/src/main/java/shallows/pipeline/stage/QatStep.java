package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import shallows.export.Int8Tuning;
import shallows.export.calibrate.Calibrated;
import shallows.export.metadata.Provenance;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.RunRecord;
import shallows.train.loop.QuantizationAwareTraining;
import shallows.train.loop.QuantizationAwareTraining.Tuned;
import shallows.train.options.Compute;

/**
 * Quantization-aware training of a pruned network, by the recipe and on the images of its run.
 *
 * @param epochs at least 1
 * @param images of the run; test images are not looked at
 */
record QatStep(
    int epochs,
    RunRecord record,
    Supplier<RunImages> images,
    Compute compute,
    Listener listener,
    Progress progress)
    implements Int8Tuning {

  @Override
  public Optional<Graph> tune(String name, Graph floats, Calibrated calibrated, Path kept) {
    Tuned tuned =
        new QuantizationAwareTraining(
                images.get().train(),
                images.get().heldOut(),
                epochs,
                record.train().trainingOptions(),
                compute)
            .run(
                floats,
                calibrated.graph().graph(),
                calibrated.graph().fakeQuantization(),
                kept,
                progress);
    String passes = epochs == 1 ? "1 epoch" : epochs + " epochs";
    listener.remark(
        String.format(
            Locale.ROOT,
            "%s: on held-out images %.1f %% in fp32, %.1f %% in int8, %.1f %% after %s with"
                + " simulated quantization; divergence from fp32 %.2g, then %.2g nats%s",
            name,
            100 * tuned.floats(),
            100 * tuned.before().accuracy(),
            100 * tuned.after().accuracy(),
            passes,
            tuned.before().divergence(),
            tuned.after().divergence(),
            tuned.helped() ? "" : ", which is no help; the weights stay as they were"));
    return tuned.helped()
        ? Optional.of(
            Provenance.withTuning(
                tuned.graph(), "fine-tuned for " + passes + " with simulated quantization"))
        : Optional.empty();
  }
}
