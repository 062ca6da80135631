package shallows.export.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.export.ExportManifest;
import shallows.export.ExportedFile;
import shallows.export.metadata.LabelsFile;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.verify.AccuracyStamp;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Verification;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;
import shallows.model.file.IoReason;
import shallows.model.file.PlainFile;
import shallows.model.file.Sha256;
import shallows.model.graph.Task;
import shallows.model.progress.Progress;

/** Writes a bundle. */
public final class BundleWriter {
  /** The first of the test images; among so many there are some that are wrong. */
  private static final int LOOKED_AT = 300;

  private static final int BATCH = 100;

  private final Path folder;
  private final Map<String, String> sums = new TreeMap<>();

  private BundleWriter(Path folder) {
    this.folder = folder;
  }

  /**
   * What a bundle is of.
   *
   * @param name of the run
   * @param data what a report calls the images
   * @param origin who made them, and under which licence; empty where that is not known
   */
  public record Subject(String name, String data, Optional<String> origin) {}

  /**
   * Copies what passed, each file with its accuracy in it, and what is needed to use and to check
   * them.
   *
   * @param folder without an earlier bundle
   * @param exports where the files lie
   * @param manifest what they hold
   * @param found of the files; those that did not pass are left out
   * @param task of the networks
   * @param test of the size of the input
   * @return what was written; empty, and no folder, where no file passed
   * @throws BadInputException when something cannot be read or written
   */
  public static Optional<Bundle> write(
      Path folder,
      Path exports,
      ExportManifest manifest,
      Verification found,
      Subject subject,
      Task task,
      LabelledImages test) {
    List<ExportedFile> passed =
        manifest.files().stream().filter(file -> found.file(file.file()).passed()).toList();
    if (passed.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new BundleWriter(folder).write(exports, passed, found, subject, task, test));
  }

  private Bundle write(
      Path exports,
      List<ExportedFile> passed,
      Verification found,
      Subject subject,
      Task task,
      LabelledImages test) {
    List<Bundle.Model> models = new ArrayList<>();
    for (ExportedFile file : passed) {
      FileCheck check = found.file(file.file());
      byte[] content =
          AccuracyStamp.stamped(bytes(file.in(exports)), file.format(), check, found.images());
      put(file.file(), content);
      models.add(
          new Bundle.Model(
              file.file(),
              file.format(),
              file.network(),
              file.member(),
              file.precision(),
              content.length,
              check.accuracy(),
              check.rounding(),
              sums.get(file.file())));
    }
    List<Bundle.Sample> samples = samples(models, task, test);
    put(LabelsFile.NAME, LabelsFile.content(task.labels()).getBytes(StandardCharsets.UTF_8));
    Bundle bundle =
        new Bundle(
            Bundle.VERSION,
            subject.name(),
            Bundle.TASK,
            subject.data(),
            new Bundle.Input(
                test.channels(), test.height(), test.width(), task.mean(), task.deviation()),
            task.labels(),
            models,
            samples);
    put(
        BundleReadme.NAME,
        BundleReadme.of(bundle, found, subject.origin()).getBytes(StandardCharsets.UTF_8));
    byte[] description = Bundle.FORMAT.text(bundle).getBytes(StandardCharsets.UTF_8);
    sums.put(Bundle.FILE, Sha256.of(description));
    AtomicFile.writeText(folder.resolve(BundleFiles.SUMS), sums());
    AtomicFile.write(folder.resolve(Bundle.FILE), out -> out.write(description));
    return bundle;
  }

  /** A line for each other file of the folder, as {@code sha256sum --check} reads it. */
  private String sums() {
    StringBuilder lines = new StringBuilder();
    sums.forEach((file, sum) -> lines.append(sum + "  " + file + "\n"));
    return lines.toString();
  }

  private List<Bundle.Sample> samples(List<Bundle.Model> models, Task task, LabelledImages test) {
    LabelledImages images = test.subset(0, Math.min(LOOKED_AT, test.size()));
    List<Predictions> answers = new ArrayList<>();
    for (Bundle.Model model : models) {
      // What was copied is run, so that the logits are those of these very bytes.
      try (RuntimeClassifier runtime = RuntimeClassifier.open(folder.resolve(model.file()), 1)) {
        answers.add(Predictions.of(runtime, images, task, BATCH, Progress.SILENT));
      }
    }
    List<Bundle.Sample> samples = new ArrayList<>();
    for (int index : SampleChoice.of(images, answers)) {
      String file = "sample" + (samples.size() + 1) + ".png";
      put(file, SamplePng.of(images, index));
      Map<String, List<Float>> logits = new LinkedHashMap<>();
      for (int i = 0; i < models.size(); i++) {
        logits.put(models.get(i).file(), floats(answers.get(i).scores()[index]));
      }
      samples.add(new Bundle.Sample(file, images.label(index), sums.get(file), logits));
    }
    return samples;
  }

  private void put(String file, byte[] content) {
    sums.put(file, Sha256.of(content));
    AtomicFile.write(folder.resolve(file), out -> out.write(content));
  }

  private static byte[] bytes(Path file) {
    try {
      return PlainFile.bytes(file);
    } catch (IOException e) {
      throw BadInputException.of(
          file, "cannot be read (" + IoReason.of(e) + ")", "export it again", e);
    }
  }

  private static List<Float> floats(float[] values) {
    List<Float> list = new ArrayList<>();
    for (float value : values) {
      list.add(value);
    }
    return list;
  }
}
