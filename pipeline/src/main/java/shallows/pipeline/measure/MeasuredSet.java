package shallows.pipeline.measure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.folder.ListedImages;
import shallows.data.folder.ListedSet;
import shallows.data.sets.DataSets;
import shallows.export.verify.Shard;
import shallows.model.file.AbsolutePath;
import shallows.model.progress.Progress;

/**
 * A data set to measure a model file on.
 *
 * @param data opens it again
 * @param seed that parts a folder which has no test images of its own
 * @param train images as they are kept, as many as the scaling of pixels is found by
 * @param test images as the file takes them
 * @param files of the test images, as they are kept; empty where one file holds many
 */
record MeasuredSet(
    String data,
    long seed,
    LabelledImages train,
    LabelledImages test,
    Optional<ListedImages> files) {
  /**
   * @param data what {@link DataSets#open} takes
   * @throws shallows.model.BadInputException when the images have other channels or classes than
   *     the file
   */
  static MeasuredSet open(FittedImages fitting, String data, long seed, Progress progress) {
    Optional<ListedSet> listed = fitting.listed(data);
    if (listed.isPresent()) {
      ListedImages files = listed.get().test();
      String spec = AbsolutePath.of(Path.of(data)).toString();
      LabelledImages train = listed.get().train().evenly(FittedImages.SCALING).images();
      return new MeasuredSet(spec, seed, train, fitting.of(files.images()), Optional.of(files));
    }
    DataSet set = fitting.open(data, seed, progress);
    return new MeasuredSet(
        set.spec(),
        seed,
        set.train().evenly(FittedImages.SCALING),
        fitting.of(set.test()),
        files(set));
  }

  private static Optional<ListedImages> files(DataSet set) {
    if (set.reading().sizes().isEmpty()) {
      return Optional.empty();
    }
    Path spec = Path.of(set.spec());
    Path root = Files.isDirectory(spec) ? spec : spec.getParent();
    return Optional.of(ListedImages.of(set.test(), root));
  }

  /**
   * The test images in parts, for others to read.
   *
   * @param first how many test images come before those of this set
   */
  List<ShardImages> shards(int first) {
    List<ShardImages> shards = new ArrayList<>();
    for (Shard shard : Shard.of(test)) {
      int from = shard.from();
      int to = shard.to();
      shards.add(
          files
              .map(all -> ShardImages.of(first + from, all.subset(from, to)))
              .orElseGet(
                  () ->
                      ShardImages.of(
                          first + from, ShardImages.OfSet.of(data, seed, test, from, to))));
    }
    return shards;
  }
}
