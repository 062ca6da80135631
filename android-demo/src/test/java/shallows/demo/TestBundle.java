package shallows.demo;

import com.google.gson.GsonBuilder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.images.DataOptions;
import shallows.model.images.DataSets;
import shallows.model.images.LabelledImages;
import shallows.model.images.Normalization;
import shallows.model.network.Networks;
import shallows.model.progress.Progress;

/**
 * A bundle of two small untrained networks, written by the toolkit's own writer, with the logits
 * that the toolkit's own runtime gives.
 */
public final class TestBundle {
  public static final String FULL = "small-full-fp32.tflite";
  public static final String PRUNED = "small-fp32.tflite";
  private static final int SIDE = 28;
  private static final int SAMPLES = 3;

  private TestBundle() {}

  /** The images that the samples are the first of. */
  static LabelledImages images() {
    return DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT)
        .test();
  }

  public static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    LabelledImages images = images();
    Normalization normalization = Normalization.measure(images);
    Task task = new Task(images.classes(), normalization.mean(), normalization.deviation());
    List<Map<String, Object>> samples = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
      picture.getRaster().setDataElements(0, 0, SIDE, SIDE, images.image(i));
      String file = "sample" + (i + 1) + ".png";
      ImageIO.write(picture, "png", folder.resolve(file).toFile());
      samples.add(Map.of("file", file, "label", images.label(i), "logits", new LinkedHashMap<>()));
    }
    List<Map<String, Object>> models = new ArrayList<>();
    float[] inputs = images.channelsFirst(0, SAMPLES, normalization);
    for (String file : List.of(FULL, PRUNED)) {
      String network = file.equals(FULL) ? "full" : "pruned";
      Graph graph =
          Networks.create(
              file.equals(FULL) ? "resnet-14-s2" : "resnet-8-s2",
              Shape.of(1, SIDE, SIDE),
              task,
              file.length());
      byte[] content = TfliteWriter.bytes(graph);
      Files.write(folder.resolve(file), content);
      try (TfliteClassifier classifier = TfliteClassifier.open(content, file, 1)) {
        float[][] logits = classifier.logits(inputs, SAMPLES);
        for (int i = 0; i < SAMPLES; i++) {
          @SuppressWarnings("unchecked")
          Map<String, Object> given = (Map<String, Object>) samples.get(i).get("logits");
          given.put(file, logits[i]);
        }
      }
      models.add(
          Map.of(
              "file",
              file,
              "format",
              "tflite",
              "network",
              network,
              "precision",
              "fp32",
              "bytes",
              content.length,
              "accuracy",
              0.1,
              "sha256",
              sha256(content)));
    }
    Map<String, Object> input =
        Map.of(
            "channels",
            1,
            "height",
            SIDE,
            "width",
            SIDE,
            "mean",
            normalization.mean(),
            "deviation",
            normalization.deviation());
    Map<String, Object> bundle = new LinkedHashMap<>();
    bundle.put("version", 1);
    bundle.put("name", "small");
    bundle.put("task", "image-classification");
    bundle.put("data", images.name());
    bundle.put("input", input);
    bundle.put("labels", images.classes());
    bundle.put("models", models);
    bundle.put("samples", samples);
    Files.writeString(folder.resolve("model.json"), new GsonBuilder().create().toJson(bundle));
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
