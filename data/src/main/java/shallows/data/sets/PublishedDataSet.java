package shallows.data.sets;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import shallows.data.DataSet;
import shallows.data.download.DownloadException;
import shallows.data.download.Downloader;
import shallows.data.download.RemoteFile;
import shallows.data.format.DataFormat;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.progress.Progress;

/**
 * A data set that everybody knows by its name. It is read where it lies on this machine, else
 * downloaded once.
 *
 * @param spec what {@link DataSets#open} knows it by, for example {@code cifar-10}
 * @param name as a report says it, for example {@code "CIFAR-10"}
 * @param origin who made it and under which licence, for whoever gets a model trained on it
 * @param format how its files are read
 * @param places folders where packages of this system put it
 * @param sources each a set of files that is the whole data set; tried in this order
 */
record PublishedDataSet(
    String spec,
    String name,
    String origin,
    DataFormat format,
    List<Path> places,
    List<List<RemoteFile>> sources) {
  /**
   * @param downloads the folder in which each data set has one of its own name
   * @throws BadInputException when the data is neither here nor comes over the network: the message
   *     says which file to put where
   */
  DataSet open(Path downloads, Progress progress) {
    for (Path place : places) {
      if (format.isIn(place)) {
        return format.read(place, name, spec);
      }
    }
    Path folder = downloads.resolve(spec);
    if (!isComplete(folder)) {
      download(folder, progress);
    }
    return format.read(folder, name, spec);
  }

  /**
   * Whether a person put files there, or a download of ours has ended: a file that lies under its
   * name is whole, but others of its source may be missing.
   */
  private boolean isComplete(Path folder) {
    return format.isIn(folder)
        && sources.stream()
            .noneMatch(
                files ->
                    files.stream().anyMatch(file -> isThere(folder, file))
                        && !files.stream().allMatch(file -> isThere(folder, file)));
  }

  private static boolean isThere(Path folder, RemoteFile file) {
    return Files.exists(folder.resolve(file.name()));
  }

  private void download(Path folder, Progress progress) {
    Downloader downloader = new Downloader(progress);
    Set<String> failures = new LinkedHashSet<>();
    for (List<RemoteFile> files : sources) {
      try {
        for (RemoteFile file : files) {
          downloader.download(file, folder);
        }
        return;
      } catch (DownloadException e) {
        failures.add(e.getMessage());
      }
    }
    // The reasons of all sources are long, and none is left out: a message of one piece.
    throw new BadInputException(
        null,
        null,
        spec
            + ": expected "
            + fileNames(sources.get(sources.size() - 1))
            + " in "
            + folder
            + ", found "
            + (format.isIn(folder) ? "only some of them" : "none")
            + " and could not download them ("
            + String.join("; ", failures)
            + ")",
        Phrase.of(
            "get them from %s and put them there, or give the folder that they are in as %s FOLDER",
            addresses(sources.get(sources.size() - 1)), Setting.DATA));
  }

  private static String fileNames(List<RemoteFile> files) {
    return files.stream().map(RemoteFile::name).collect(Collectors.joining(", "));
  }

  private static String addresses(List<RemoteFile> files) {
    List<String> addresses = new ArrayList<>();
    files.forEach(file -> addresses.add(file.address().toString()));
    return String.join(", ", addresses);
  }
}
