package shallows.export.metadata;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tensorflow.lite.support.metadata.schema.AssociatedFile;
import org.tensorflow.lite.support.metadata.schema.AssociatedFileType;
import org.tensorflow.lite.support.metadata.schema.ColorSpaceType;
import org.tensorflow.lite.support.metadata.schema.Content;
import org.tensorflow.lite.support.metadata.schema.ContentProperties;
import org.tensorflow.lite.support.metadata.schema.FeatureProperties;
import org.tensorflow.lite.support.metadata.schema.ImageProperties;
import org.tensorflow.lite.support.metadata.schema.ModelMetadata;
import org.tensorflow.lite.support.metadata.schema.NormalizationOptions;
import org.tensorflow.lite.support.metadata.schema.ProcessUnit;
import org.tensorflow.lite.support.metadata.schema.ProcessUnitOptions;
import org.tensorflow.lite.support.metadata.schema.SubGraphMetadata;
import org.tensorflow.lite.support.metadata.schema.TensorMetadata;
import shallows.model.graph.Graph;

/**
 * The metadata of a TFLite file (flatbuffer M001, model buffer {@value #BUFFER}): name, description
 * and provenance of the network, normalization of its input, labels of its output.
 *
 * <p>TFLite normalizes stored values v in [0, 255] as (v − mean) / std, and a {@link
 * shallows.model.graph.Task} those scaled to [0, 1]; so mean and std here are the task's times 255.
 */
public final class TfliteMetadata {
  /** The name under which a model lists it. */
  public static final String BUFFER = "TFLITE_METADATA";

  static final float LARGEST_PIXEL = 255;

  /** The first version of the metadata format has all that is used here. */
  private static final String PARSER_VERSION = "1.0.0";

  private final FlatBufferBuilder builder = new FlatBufferBuilder(1024);
  private final Graph graph;

  private TfliteMetadata(Graph graph) {
    this.graph = graph;
  }

  /** The content of the buffer. The same graph gives the same bytes. */
  public static byte[] of(Graph graph) {
    return new TfliteMetadata(graph).bytes();
  }

  /** The files that the metadata names, which stand in the archive behind the model. */
  public static Map<String, String> files(Graph graph) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(LabelsFile.NAME, LabelsFile.content(graph.task().labels()));
    files.put(StatedAccuracy.FILE, StatedAccuracy.line(StatedAccuracy.NOT_MEASURED));
    return files;
  }

  private byte[] bytes() {
    Map<String, String> provenance = Provenance.of(graph);
    int subgraphs =
        ModelMetadata.createSubgraphMetadataVector(
            builder, new int[] {subgraph(input(), output())});
    int name = builder.createString(graph.name());
    int description = builder.createString(description(provenance));
    int version = string(provenance.get(Provenance.TOOL));
    int licence = string(provenance.get(Provenance.LICENCE));
    int files = ModelMetadata.createAssociatedFilesVector(builder, new int[] {accuracy()});
    int parser = builder.createString(PARSER_VERSION);
    ModelMetadata.startModelMetadata(builder);
    ModelMetadata.addName(builder, name);
    ModelMetadata.addDescription(builder, description);
    ModelMetadata.addVersion(builder, version);
    ModelMetadata.addSubgraphMetadata(builder, subgraphs);
    ModelMetadata.addLicense(builder, licence);
    ModelMetadata.addAssociatedFiles(builder, files);
    ModelMetadata.addMinParserVersion(builder, parser);
    ModelMetadata.finishModelMetadataBuffer(builder, ModelMetadata.endModelMetadata(builder));
    return builder.sizedByteArray();
  }

  /** A field of offset 0 is left out. */
  private int string(String text) {
    return text == null ? 0 : builder.createString(text);
  }

  /** The accuracy is not in it: it is known only when the model is written. */
  private String description(Map<String, String> provenance) {
    String task = "Image classifier of " + graph.classes() + " classes.";
    String origin =
        provenance.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(Provenance.ACCURACY))
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("; "));
    return origin.isEmpty() ? task : task + " " + origin + ".";
  }

  private int subgraph(int input, int output) {
    int inputs = SubGraphMetadata.createInputTensorMetadataVector(builder, new int[] {input});
    int outputs = SubGraphMetadata.createOutputTensorMetadataVector(builder, new int[] {output});
    SubGraphMetadata.startSubGraphMetadata(builder);
    SubGraphMetadata.addInputTensorMetadata(builder, inputs);
    SubGraphMetadata.addOutputTensorMetadata(builder, outputs);
    return SubGraphMetadata.endSubGraphMetadata(builder);
  }

  private int input() {
    int mean = NormalizationOptions.createMeanVector(builder, scaled(graph.task().mean()));
    int deviation = NormalizationOptions.createStdVector(builder, scaled(graph.task().deviation()));
    int options = NormalizationOptions.createNormalizationOptions(builder, mean, deviation);
    int unit =
        ProcessUnit.createProcessUnit(builder, ProcessUnitOptions.NormalizationOptions, options);
    int units = TensorMetadata.createProcessUnitsVector(builder, new int[] {unit});
    boolean grey = graph.input().shape().dimension(0) == 1;
    int properties =
        ImageProperties.createImageProperties(
            builder, grey ? ColorSpaceType.GRAYSCALE : ColorSpaceType.RGB, 0);
    int content = Content.createContent(builder, ContentProperties.ImageProperties, properties, 0);
    int name = builder.createString("image");
    int description = builder.createString("Pixels in [0, 255], normalized as said here.");
    TensorMetadata.startTensorMetadata(builder);
    TensorMetadata.addName(builder, name);
    TensorMetadata.addDescription(builder, description);
    TensorMetadata.addContent(builder, content);
    TensorMetadata.addProcessUnits(builder, units);
    return TensorMetadata.endTensorMetadata(builder);
  }

  private int output() {
    int properties = featureProperties();
    int content =
        Content.createContent(builder, ContentProperties.FeatureProperties, properties, 0);
    int labels =
        file(
            LabelsFile.NAME,
            "The classes in the order of the logits, one a line.",
            AssociatedFileType.TENSOR_AXIS_LABELS);
    int files = TensorMetadata.createAssociatedFilesVector(builder, new int[] {labels});
    int name = builder.createString("logits");
    int description = builder.createString("One logit a class; their softmax is the probability.");
    TensorMetadata.startTensorMetadata(builder);
    TensorMetadata.addName(builder, name);
    TensorMetadata.addDescription(builder, description);
    TensorMetadata.addContent(builder, content);
    TensorMetadata.addAssociatedFiles(builder, files);
    return TensorMetadata.endTensorMetadata(builder);
  }

  private int accuracy() {
    return file(
        StatedAccuracy.FILE,
        "The accuracy of this file, and in which runtime it was measured.",
        AssociatedFileType.DESCRIPTIONS);
  }

  private int file(String name, String words, byte type) {
    int file = builder.createString(name);
    int description = builder.createString(words);
    return AssociatedFile.createAssociatedFile(builder, file, description, type, 0, 0);
  }

  private int featureProperties() {
    FeatureProperties.startFeatureProperties(builder);
    return FeatureProperties.endFeatureProperties(builder);
  }

  private static float[] scaled(List<Float> values) {
    float[] scaled = new float[values.size()];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = values.get(i) * LARGEST_PIXEL;
    }
    return scaled;
  }
}
