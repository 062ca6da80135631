package shallows.export.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.support.metadata.schema.AssociatedFileType;
import org.tensorflow.lite.support.metadata.schema.ModelMetadata;
import org.tensorflow.lite.support.metadata.schema.NormalizationOptions;
import org.tensorflow.lite.support.metadata.schema.ProcessUnitOptions;
import org.tensorflow.lite.support.metadata.schema.SubGraphMetadata;
import org.tensorflow.lite.support.metadata.schema.TensorMetadata;
import shallows.model.BadInputException;
import shallows.model.graph.Task;

/**
 * The task that a TFLite file's metadata tells, in files of ours and of others. TFLite's own {@code
 * MetadataExtractor} reads the same, but believes in the sizes of a damaged file and runs out of
 * memory; the tests hold this against it.
 */
public final class TfliteTask {
  private TfliteTask() {}

  /**
   * Labels of the output and normalization of the input. What comes back may differ from the task
   * that was written in the last bit of a float, for the factor of 255 between the conventions.
   *
   * @param content of the file, which TFLite accepted
   * @param where its name, for messages
   * @return empty where the file has no metadata, or names no labels or no normalization
   * @throws BadInputException when the metadata is damaged
   */
  public static Optional<Task> read(byte[] content, String where) {
    try {
      Model model = Model.getRootAsModel(ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
      Optional<SubGraphMetadata> metadata = metadata(model);
      if (metadata.isEmpty()
          || metadata.get().inputTensorMetadataLength() == 0
          || metadata.get().outputTensorMetadataLength() == 0) {
        return Optional.empty();
      }
      Optional<String> labelsFile = labelsFile(metadata.get().outputTensorMetadata(0));
      Optional<NormalizationOptions> normalization =
          normalization(metadata.get().inputTensorMetadata(0));
      if (labelsFile.isEmpty() || normalization.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          task(
              AssociatedFiles.read(content, labelsFile.get()).lines().toList(),
              normalization.get(),
              channels(model)));
    } catch (IOException | RuntimeException e) {
      throw new BadInputException(
          where,
          "metadata with labels and a normalization",
          "damage (" + e.getMessage() + ")",
          "export the network again",
          e);
    }
  }

  private static Optional<SubGraphMetadata> metadata(Model model) {
    for (int i = 0; i < model.metadataLength(); i++) {
      if (TfliteMetadata.BUFFER.equals(model.metadata(i).name())) {
        ByteBuffer data =
            model
                .buffers((int) model.metadata(i).buffer())
                .dataAsByteBuffer()
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        ModelMetadata metadata = ModelMetadata.getRootAsModelMetadata(data);
        return metadata.subgraphMetadataLength() == 0
            ? Optional.empty()
            : Optional.of(metadata.subgraphMetadata(0));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> labelsFile(TensorMetadata output) {
    for (int i = 0; i < output.associatedFilesLength(); i++) {
      if (output.associatedFiles(i).type() == AssociatedFileType.TENSOR_AXIS_LABELS) {
        return Optional.ofNullable(output.associatedFiles(i).name());
      }
    }
    return Optional.empty();
  }

  private static Optional<NormalizationOptions> normalization(TensorMetadata input) {
    for (int i = 0; i < input.processUnitsLength(); i++) {
      if (input.processUnits(i).optionsType() == ProcessUnitOptions.NormalizationOptions) {
        NormalizationOptions options = new NormalizationOptions();
        return Optional.ofNullable((NormalizationOptions) input.processUnits(i).options(options));
      }
    }
    return Optional.empty();
  }

  /** Of the image (1, H, W, C). */
  private static int channels(Model model) {
    SubGraph graph = model.subgraphs(0);
    return graph.tensors(graph.inputs(0)).shape(3);
  }

  private static Task task(List<String> labels, NormalizationOptions options, int channels) {
    return new Task(
        labels,
        each(channels, options.meanLength(), options::mean),
        each(channels, options.stdLength(), options::std));
  }

  /** One value may stand for all channels. */
  private static List<Float> each(int channels, int length, IntFunction<Float> values) {
    if (length != 1 && length != channels) {
      throw new IllegalArgumentException(length + " values for " + channels + " channels");
    }
    List<Float> each = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      each.add(values.apply(length == 1 ? 0 : c) / TfliteMetadata.LARGEST_PIXEL);
    }
    return each;
  }
}
