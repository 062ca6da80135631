package shallows.export.runtime;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.data.PixelOrder;
import shallows.export.onnx.OnnxValues;
import shallows.model.graph.Shape;

/** The values inside an ONNX file. */
final class OnnxFileValues implements FileValues {
  private final OnnxFileRun run;
  private final Shape image;

  private OnnxFileValues(OnnxFileRun run, Shape image) {
    this.run = run;
    this.image = image;
  }

  static Map<String, String> operations(Path file) {
    return OnnxValues.operations(ModelFile.read(file), file.toString());
  }

  static Map<String, List<String>> sources(Path file) {
    return OnnxValues.sources(ModelFile.read(file), file.toString());
  }

  static OnnxFileValues open(Path file, Shape image, Collection<String> values) {
    return new OnnxFileValues(
        OnnxFileRun.open(file, List.copyOf(values), Optional.empty(), 1), image);
  }

  @Override
  public Map<String, float[]> run(float[] pixels) {
    int channels = image.dimension(0);
    Map<String, float[]> values =
        run.values(
            PixelOrder.channelsFirst(pixels, 1, channels),
            channels,
            image.dimension(1),
            image.dimension(2));
    // Of what is no floats.
    values.values().removeIf(numbers -> numbers.length == 0);
    return values;
  }

  @Override
  public void close() {
    run.close();
  }
}
