package shallows.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import shallows.data.Augmentation;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.quantize.WeightScales;
import shallows.model.BadInputException;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.TrainSettings;
import shallows.train.options.Balance;
import shallows.train.options.Batching;
import shallows.train.options.MixedPrecision;
import shallows.train.options.Selection;
import shallows.train.options.Selection.Keep;
import shallows.train.options.TrainingOptions;

/** Each option finds the component that it sets, and what was not said stays. */
class SaidTest {
  @Command
  private static final class Everything {
    @Mixin private TrainArguments train;
    @Mixin private PruneArguments prune;
    @Mixin private ExportArguments export;
  }

  @Test
  void everyOptionOfATrainingIsLaidOverItsRecipe() {
    TrainSettings asked =
        parsed(
                "--recipe paper --epochs 7 --batch 32 --batch-norm 16 --learning-rate 0.2"
                    + " --schedule step:0.3,0.6 --warm-up 0.1 --momentum 0.8 --weight-decay 0.01"
                    + " --clip-norm 3 --label-smoothing 0.1 --mixup 0.2 --cutmix 0.3 --flip false"
                    + " --resized-crop 0.3 --trivial-augment true --color-jitter 0.4"
                    + " --random-erasing 0.25"
                    + " --shift 2 --dropout 0.4 --ema 0.9 --keep last --balance sampling --seed 5 --size 16"
                    + " --train-images 100 --network resnet-8 --survival none --reproducible")
            .train
            .over(TrainSettings.STANDARD);
    TrainingOptions paper = TrainingOptions.paper(5);
    TrainingOptions training = asked.training();
    assertEquals("paper", asked.recipe());
    assertEquals(7, training.epochs());
    assertEquals(5, training.seed());
    assertEquals(32, training.batching().batch());
    assertEquals(16, training.batching().normalized());
    assertEquals(0.2, training.schedule().learningRate());
    assertEquals(0.1, training.schedule().warmUp());
    assertEquals(List.of(0.3, 0.6), training.schedule().cuts());
    assertEquals(0.8, training.optimizer().momentum());
    assertEquals(0.01, training.optimizer().weightDecay());
    assertEquals(3, training.optimizer().largestNorm());
    assertEquals(paper.optimizer().offBlocks(), training.optimizer().offBlocks());
    assertEquals(0.1, training.regularization().labelSmoothing());
    assertEquals(0.2, training.regularization().mixup());
    assertEquals(0.3, training.regularization().cutmix());
    assertEquals(new Augmentation(false, 2, 0.3, true, 0.4, 0.25), training.augmentation());
    assertEquals(Balance.SAMPLING, training.batching().balance());
    assertEquals(0.9, training.selection().averageDecay());
    assertEquals(Keep.LAST, training.selection().keep());
    assertEquals(0.4, asked.dropout());
    assertEquals(16, asked.size());
    assertEquals(100, asked.trainImages());
    assertEquals("resnet-8", asked.network());
    assertEquals("none", asked.survival());
    assertTrue(asked.reproducible());
    assertEquals(TrainSettings.DATA, asked.data());
  }

  @Test
  void mixedPrecisionGoesToTheBatches() {
    TrainSettings asked =
        parsed("--mixed-precision bf16 --batch 32").train.over(TrainSettings.STANDARD);
    assertEquals(
        Batching.inParts(32).withMixedPrecision(MixedPrecision.BF16), asked.training().batching());
  }

  @Test
  void patienceKeepsTheBestEpoch() {
    TrainSettings asked = parsed("--patience 3").train.over(TrainSettings.STANDARD);
    assertEquals(new Selection(0, Keep.BEST, 3), asked.training().selection());
    assertEquals(asked, parsed("").train.over(asked));
  }

  @Test
  void whatWasNotSaidStays() {
    TrainSettings begun = TrainSettings.STANDARD.withSeed(9).withNetwork("resnet-8");
    assertEquals(begun, parsed("").train.over(begun));
    PruneSettings pruned = PruneSettings.bytes("50%").withMaxDrop(3);
    assertEquals(pruned, parsed("").prune.over(pruned));
    assertEquals(ExportSettings.STANDARD, parsed("").export.over(ExportSettings.STANDARD));
  }

  @Test
  void everyOptionOfAPruningIsLaidOverWhatWasRecorded() {
    PruneSettings asked =
        parsed(
                "--max-drop 2 --max-bytes none --max-macs 40% --max-latency 2ms --keep-precision"
                    + " --fine-tune-epochs 3 --fine-tune-rate 0.1 --distill 0.5 --temperature 2")
            .prune
            .over(PruneSettings.bytes("50%"));
    assertEquals(
        new PruneSettings(2, null, "40%", 3, 0.1, "2ms", null, true, 0.5, 2.0, null, null), asked);
    PruneSettings formed = parsed("--fine-tune-epochs 0 --forms drop,narrow").prune.over(asked);
    assertEquals("drop,narrow", formed.forms());
    assertFalse(formed.keepPrecision());
    assertEquals("drop,narrow", parsed("--fine-tune-epochs 1").prune.over(formed).forms());
    PruneSettings untuned = parsed("--fine-tune-epochs 0").prune.over(asked);
    assertNull(untuned.fineTuneRate());
    assertNull(untuned.distill());
    assertNull(untuned.temperature());
    assertEquals("2ms", untuned.maxLatency());
  }

  @Test
  void oneBatchIsThatOfTrainingAndNotOfFiles() {
    ExportSettings asked =
        parsed("--batch 32 --precision fp32").export.over(ExportSettings.STANDARD);
    assertEquals(List.of(ExportPrecision.FP32), asked.precisions());
    assertEquals(ExportSettings.STANDARD.batch(), asked.batch());
  }

  @Test
  void oneScaleForAWeightKeepsWhatIsAskedForOtherwise() {
    ExportSettings asked =
        parsed("--weight-scales per-tensor").export.over(ExportSettings.STANDARD);
    assertEquals(WeightScales.PER_TENSOR, asked.weightScales());
    assertEquals(ExportSettings.STANDARD.precisions(), asked.precisions());
    assertEquals(ExportSettings.STANDARD, parsed("--weight-scales per-channel").export.over(asked));
    assertEquals(
        WeightScales.PER_TENSOR,
        parsed("--precision fp32,int8,binary").export.over(asked).weightScales());
    // What was recorded goes where it does not go with what is asked for.
    for (String other : List.of("fp32", "int8,mixed")) {
      assertEquals(
          WeightScales.PER_CHANNEL,
          parsed("--precision " + other).export.over(asked).weightScales());
    }
  }

  @Test
  void rangesAreCheckedWhereTheSettingsAre() {
    Everything given = parsed("--momentum 1");
    BadInputException refusal =
        assertThrows(BadInputException.class, () -> given.train.over(TrainSettings.STANDARD));
    assertEquals("momentum: expected 0 to less than 1, found 1.0", refusal.getMessage());
  }

  private static Everything parsed(String line) {
    Everything options = new Everything();
    CommandLine command = new CommandLine(options);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.parseArgs(line.isEmpty() ? new String[0] : line.split(" "));
    return options;
  }
}
