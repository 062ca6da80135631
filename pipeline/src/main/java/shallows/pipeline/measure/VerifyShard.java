package shallows.pipeline.measure;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.export.verify.FileSums;
import shallows.export.verify.FileVerifier;
import shallows.export.verify.VerifierOptions;
import shallows.model.BadInputException;
import shallows.model.file.Sha256;
import shallows.model.progress.Progress;
import shallows.train.jobs.Job;
import shallows.train.jobs.Jobs;

/**
 * A part of a verification: what a file answers to some of the images. Its folder has {@link
 * ShardImages} from whoever gave the work, who has put {@link FileTask} beside it.
 *
 * @param number of the part, from 0 on
 * @param verification SHA-256 of what all parts have in common
 */
record VerifyShard(int number, String verification) implements Job<FileSums> {
  private static final long serialVersionUID = 1;

  @Override
  public String name() {
    return String.format(Locale.ROOT, "part-%05d", number);
  }

  @Override
  public Class<FileSums> resultType() {
    return FileSums.class;
  }

  @Override
  public boolean needsTorch() {
    return false;
  }

  static String verification(FileTask asked) {
    return Sha256.of(FileTask.FORMAT.text(asked).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public FileSums run(Jobs jobs) {
    Path common = jobs.root().resolve(FileTask.FILE);
    FileTask asked = FileTask.FORMAT.read(common);
    if (!verification(asked).equals(verification)) {
      throw new BadInputException(
          common, "the verification of this part", "another", "begin again in another folder");
    }
    Path file = asked.model().require();
    Optional<Path> reference = Optional.ofNullable(asked.reference()).map(FileTask.File::require);
    ShardImages part = ShardImages.FORMAT.read(jobs.folder(this).resolve(ShardImages.FILE));
    LabelledImages images = part.read(asked.fitting());
    return new FileVerifier(
            VerifierOptions.defaults(jobs.compute().processors()),
            List.of(images),
            asked.task(),
            Optional.ofNullable(asked.copies()),
            Progress.SILENT)
        .sums(file, reference, part.first());
  }
}
