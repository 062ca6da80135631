package shallows.pipeline.measure;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.export.verify.FileSums;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.Sha256;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.Versions;
import shallows.train.jobs.Job;
import shallows.train.jobs.JobChain;
import shallows.train.jobs.JobRunner;
import shallows.train.jobs.Jobs;

/**
 * A verification of a file part by part, each wherever jobs are done. Only names of images go
 * there, and only sums come back.
 *
 * @param file that is verified
 * @param reference that it is compared with
 * @param copies of each image that it is asked about too
 * @param image that it takes, {@code (C, H, W)}
 */
record ShardedVerification(
    Path file, Optional<Path> reference, Optional<TestTimeAugmentation> copies, Shape image) {

  /**
   * What the file answers to all images.
   *
   * @param sets of images
   * @param jobs the folder of the parts; those that are done there already stay as they are
   * @throws BadInputException when the folder has the parts of another, or of pictures that were
   *     written since, or at the first part that cannot be done
   */
  FileSums sums(List<MeasuredSet> sets, Task task, Jobs jobs, JobRunner runner) {
    List<ShardImages> parts = new ArrayList<>();
    List<FileTask.Images> images = new ArrayList<>();
    int first = 0;
    for (MeasuredSet set : sets) {
      List<ShardImages> ofSet = set.shards(first);
      String each = ofSet.stream().map(ShardImages::checksum).collect(Collectors.joining());
      String all = Sha256.of(each.getBytes(StandardCharsets.UTF_8));
      images.add(new FileTask.Images(set.data(), set.test().size(), all));
      parts.addAll(ofSet);
      first += set.test().size();
    }
    FileTask asked =
        new FileTask(
            Versions.shallows(),
            FileTask.File.of(file),
            reference.map(FileTask.File::of).orElse(null),
            copies.orElse(null),
            image,
            task,
            images);
    asked.putIn(jobs.root());
    return done(parts, VerifyShard.verification(asked), jobs, runner);
  }

  private static FileSums done(
      List<ShardImages> parts, String verification, Jobs jobs, JobRunner runner) {
    List<VerifyShard> shards = new ArrayList<>();
    List<JobChain> chains = new ArrayList<>();
    for (ShardImages part : parts) {
      VerifyShard shard = new VerifyShard(shards.size(), verification);
      Path images = jobs.folder(shard).resolve(ShardImages.FILE);
      if (jobs.finished(shard).isEmpty()) {
        ShardImages.FORMAT.write(part, images);
        chains.add(new JobChain(List.<Job<?>>of(shard)));
      } else if (!ShardImages.FORMAT.read(images).equals(part)) {
        throw new BadInputException(
            images,
            "pictures as they were when this part was done",
            "some that were written since",
            Phrase.of("remove its folder, or choose another %s", Setting.OUT));
      }
      shards.add(shard);
    }
    Progress progress = jobs.progress();
    progress.start("verify", Math.max(1, chains.size()));
    try {
      runner.run(chains, jobs, () -> progress.advance(1, ""));
    } finally {
      progress.finish();
    }
    return FileSums.sum(shards.stream().map(jobs::result).toList());
  }
}
