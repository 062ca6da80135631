package shallows.pipeline.convert;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.NetworkFiles;
import shallows.export.convert.Conversion;
import shallows.export.quantize.Int8Form;
import shallows.export.quantize.calibrate.Calibration;
import shallows.export.quantize.calibrate.LayerCost;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.ReadOptions;
import shallows.model.progress.Progress;

/**
 * What 8 bits cost somebody's network, in all layers and in each alone. Nothing is written.
 *
 * @param network whose layers these are, batch norm folded
 * @param layers in their order, which is that of depth
 * @param pointsLost of accuracy with 8 bits in all of them; without labels, of answers that changed
 * @param images that tell it, which scales were not found on
 */
public record Sensitivity(Graph network, List<LayerCost> layers, double pointsLost, int images) {
  public Sensitivity {
    layers = List.copyOf(layers);
  }

  /**
   * @param file {@code .onnx}
   * @param reading what it leaves open
   * @param asked the images; their bound is of no matter
   * @param seed that parts a folder which has no test images of its own
   * @throws shallows.model.BadInputException when the file cannot be read, or images do not fit it
   */
  public static Sensitivity of(
      Path file,
      ReadOptions reading,
      ConvertSettings.Images asked,
      long seed,
      int threads,
      Progress progress) {
    Graph graph = Conversion.of(file, reading, seed, threads).graph();
    ConversionImages images = ConversionImages.of(file, graph, asked, seed, threads, progress);
    ExportSettings int8 =
        ExportSettings.of(EnumSet.of(ExportFormat.TFLITE), EnumSet.of(ExportPrecision.INT8));
    Calibration calibration =
        Calibration.run(
            NetworkFiles.of(images.network(), int8).folded(),
            images.calibration(),
            Int8Form.STANDARD);
    return new Sensitivity(
        calibration.calibrated().graph().graph(),
        calibration.layers(),
        calibration.calibrated().pointsLost(),
        calibration.calibrated().heldOut());
  }
}
