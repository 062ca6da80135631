package shallows.cli.command;

import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.WeightScales;
import shallows.export.tflite.TfliteBatch;
import shallows.export.tflite.TfliteEdges;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.model.UnexpectedValueException;
import shallows.pipeline.folder.PruneSettings;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Form;

/** Which files to write; null where nothing was said. */
final class ExportArguments {
  /** As the fine-tuning after pruning is long. */
  private static final int QAT_EPOCHS = 3;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      split = ",",
      description = "onnx, tflite or both. Default: onnx,tflite")
  private List<ExportFormat> formats;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      split = ",",
      description = {
        "fp32; fp16: weights of half precision, half as large; int8-weights: weights of 8 bits, a "
            + "quarter, both as fast as fp32 and without images; int4-weights (ONNX): of 4 bits, "
            + "an eighth, as fast, for networks that stand it; "
            + "int8: 8 bits a weight and value, smaller and faster. Where there are binarized "
            + "blocks also binary: their weights 1 bit each, all else fp32; mixed: 1 bit and int8; "
            + "binary-fast (TFLite): ±1 in 8 bits and int8, as fast as int8. "
            + "Default: fp32,int8,binary,mixed"
      })
  private List<ExportPrecision> precisions;

  @Option(
      names = "--qat",
      paramLabel = "EPOCHS",
      arity = "0..1",
      fallbackValue = "" + QAT_EPOCHS,
      description = {
        "Fine-tunes the pruned network for its files of int8, mixed and binary-fast while it is "
            + "rounded as they are (quantization-aware training); fp32 files stay as they are. "
            + "Passes over the training images: "
            + QAT_EPOCHS
            + " where no number is given. Default: no fine-tuning"
      })
  private Integer qatEpochs;

  @Mixin private Int8Arguments int8;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * What was said, over what holds without it. A form of TFLite files that was recorded goes where
   * no such files are asked for any more.
   *
   * @throws BadInputException when it does not go together
   */
  ExportSettings over(ExportSettings base) {
    List<ExportFormat> written = formats == null ? base.formats() : formats;
    List<ExportPrecision> stored = precisions == null ? base.precisions() : precisions;
    boolean tflite = written.contains(ExportFormat.TFLITE);
    boolean integers = stored.stream().anyMatch(ExportPrecision::isInteger);
    Said said =
        new Said(command, ExportArguments.class, TfliteArguments.class, Int8Arguments.class);
    if (!tflite) {
      said.unless("batch", TfliteBatch.ONE);
    }
    if (!tflite || !integers) {
      said.unless("edges", TfliteEdges.FLOATS).unless("sums", Int8Sums.ADD);
    }
    if (!integers) {
      said.unless("qatEpochs", null);
    }
    boolean several =
        precisions != null
            && !precisions.stream().allMatch(each -> each.existsWith(WeightScales.PER_TENSOR));
    if (several && said.says("weightScales", WeightScales.PER_TENSOR)) {
      try {
        ExportSettings.requirePerTensor(precisions);
      } catch (UnexpectedValueException e) {
        throw BadInputException.of(e);
      }
    }
    if (several || !integers) {
      said.unless("weightScales", WeightScales.PER_CHANNEL);
    }
    return said.over(base);
  }

  /**
   * The same of a network that is pruned in the same command.
   *
   * @param menu what blocks may become where no forms are named
   * @throws BadInputException when files of binarized blocks are asked for, and none is binarized
   */
  ExportSettings over(ExportSettings base, PruneSettings pruning, Set<Decision> menu) {
    boolean binarizes =
        pruning.binarizes(pruning.forms() == null ? menu : Form.menu(pruning.forms()));
    if (precisions != null && !binarizes) {
      for (ExportPrecision precision : precisions) {
        if (precision.needsBinaryWeights()) {
          throw new BadInputException(
              Setting.PRECISION,
              "fp32, fp16, int8-weights or int8 beside "
                  + (pruning.keepPrecision() ? "--keep-precision" : "--forms without binary")
                  + ", which binarizes no block",
              precision,
              "leave one of both out");
        }
      }
    }
    return over(base);
  }
}
