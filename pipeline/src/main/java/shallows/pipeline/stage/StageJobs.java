package shallows.pipeline.stage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.file.Sha256;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.Stage;
import shallows.train.jobs.Job;
import shallows.train.jobs.JobChain;
import shallows.train.jobs.JobRunner;
import shallows.train.jobs.Jobs;

/**
 * Work of a stage that others do. In {@link RunFolder#jobs} they find the network as an ONNX file
 * and the names of the images, and there they leave what they found. Both files are called by their
 * content, and so are the jobs: what an interrupted stage has left counts where it is about the
 * same, and is not looked at where it is not.
 */
final class StageJobs {
  private static final int DIGITS = 16;

  private final Work work;
  private final JobRunner runner;
  private final Path folder;

  /** By what they are for; to look at thousands of files again takes a while. */
  private final Map<JobImages.Use, String> put = new EnumMap<>(JobImages.Use.class);

  StageJobs(Work work, Stage stage, JobRunner runner) {
    this.work = work;
    this.runner = runner;
    this.folder = work.folder().jobs(stage);
  }

  /** The blocks of these names, in their order. */
  static List<Block> blocks(Graph graph, List<String> names) {
    return names.stream().map(name -> graph.block(name).orElseThrow()).toList();
  }

  /** The first digits of a SHA-256, which tell contents apart; nobody forges one here. */
  static String digits(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
  }

  /**
   * Puts a network where jobs find it.
   *
   * @return what {@link #network} finds it by
   */
  String put(Graph graph) {
    Path written = folder.resolve("network.onnx");
    try {
      Files.createDirectories(folder);
      OnnxWriter.write(graph, written);
      String digits = Sha256.of(written).substring(0, DIGITS);
      Files.deleteIfExists(network(folder, digits));
      Files.move(written, network(folder, digits));
      return digits;
    } catch (IOException e) {
      throw refusal(written, e);
    }
  }

  /**
   * Puts the names of images where jobs find them.
   *
   * @return what {@link #images} finds them by
   */
  String put(JobImages.Use use) {
    return put.computeIfAbsent(
        use,
        unknown -> {
          JobImages images = JobImages.of(use, work);
          String digits = digits(JobImages.FORMAT.text(images));
          JobImages.FORMAT.write(images, images(folder, digits));
          return digits;
        });
  }

  /**
   * What comes of jobs, each done where it is done.
   *
   * @param afterEach called for each, at once for those that were done before
   */
  <R> List<R> results(List<? extends Job<R>> list, Runnable afterEach) {
    Progress progress = work.progress();
    Jobs jobs = new Jobs(folder, work.compute(), progress, name -> progress.advance(0, name));
    List<JobChain> open =
        list.stream()
            .filter(job -> jobs.finished(job).isEmpty())
            .map(job -> new JobChain(List.<Job<?>>of(job)))
            .toList();
    for (int done = open.size(); done < list.size(); done++) {
      afterEach.run();
    }
    runner.run(open, jobs, afterEach);
    return list.stream().map(job -> jobs.finished(job).orElseThrow()).toList();
  }

  /** Takes away a network that no job asks for any more; there may be many, and they are large. */
  void remove(String network) {
    try {
      Files.deleteIfExists(network(folder, network));
    } catch (IOException e) {
      throw refusal(folder, e);
    }
  }

  private static BadInputException refusal(Path path, IOException e) {
    return BadInputException.of(
        path,
        "cannot be written (" + IoReason.of(e) + ")",
        "free space and give the same command again",
        e);
  }

  /** The network of a job. */
  static Graph network(Jobs jobs, String digits) {
    Path file = network(jobs.root(), digits);
    require(digits, Sha256.of(file).substring(0, DIGITS), file);
    return OnnxReader.read(file);
  }

  /** The images of a job. */
  static JobImages.Opened images(Jobs jobs, String digits) {
    Path file = images(jobs.root(), digits);
    JobImages images = JobImages.FORMAT.read(file);
    require(digits, digits(JobImages.FORMAT.text(images)), file);
    return images.read(new RunFolder(jobs.root().getParent()));
  }

  private static void require(String expected, String found, Path file) {
    if (!found.equals(expected)) {
      throw new BadInputException(
          file,
          "the file of this name, SHA-256 " + expected + "…",
          "another, " + found + "…",
          "give the same command again");
    }
  }

  private static Path network(Path folder, String digits) {
    return folder.resolve("network-" + digits + ".onnx");
  }

  private static Path images(Path folder, String digits) {
    return folder.resolve("images-" + digits + ".json");
  }
}
