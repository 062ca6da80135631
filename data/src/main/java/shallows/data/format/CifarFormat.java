package shallows.data.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.decode.ImagePixels;
import shallows.model.BadInputException;

/**
 * The binary form of the CIFAR sets: records of one or two labels and 3,072 bytes of pixels, all
 * red ones, then green, then blue, each row after row. The files lie in a folder, raw or as {@code
 * .gz}, or in the authors' archive, which need not be unpacked.
 *
 * @param archive name of the archive
 * @param archiveFolder the folder into which it unpacks
 * @param train the training files in their order, in each of the ways in which they come
 * @param test the test file
 * @param labelBytes labels a record; the last one counts
 * @param classes names in the order of the labels
 */
public record CifarFormat(
    String archive,
    String archiveFolder,
    List<List<String>> train,
    String test,
    int labelBytes,
    List<String> classes)
    implements DataFormat {
  private static final int SIDE = 32;
  private static final int CHANNELS = 3;
  private static final int PLANE = SIDE * SIDE;
  private static final int IMAGE = CHANNELS * PLANE;
  private static final String AGAIN = "copy or download it again";

  /** A file of the set: the largest that is published has 50,000 records. */
  private static final int LARGEST_FILE = 1 << 28;

  @Override
  public boolean isIn(Path folder) {
    return Files.exists(folder.resolve(archive))
        || holdsFiles(folder)
        || holdsFiles(folder.resolve(archiveFolder));
  }

  private boolean holdsFiles(Path folder) {
    return Files.exists(DataFile.find(folder, test))
        || train.stream()
            .flatMap(List::stream)
            .anyMatch(name -> Files.exists(DataFile.find(folder, name)));
  }

  @Override
  public DataSet read(Path folder, String name, String spec) {
    Map<String, byte[]> files = new HashMap<>();
    Path where;
    if (holdsFiles(folder) || holdsFiles(folder.resolve(archiveFolder))) {
      where = holdsFiles(folder) ? folder : folder.resolve(archiveFolder);
      for (String file : files(where)) {
        Path path = DataFile.find(where, file);
        files.put(file, DataFile.read(path, "a file of CIFAR", in -> bounded(path, in)));
      }
    } else {
      where = folder.resolve(archive);
      files.putAll(unpacked(where));
    }
    List<byte[]> training = new ArrayList<>();
    for (String file : wholeWay(where, files)) {
      training.add(requireRecords(where.resolve(file), files.get(file)));
    }
    return new DataSet(
        name,
        spec,
        images(name + " train", where, training),
        images(
            name + " test", where, List.of(requireRecords(where.resolve(test), files.get(test)))));
  }

  /** The names of the files that are there. */
  private List<String> files(Path folder) {
    List<String> names = new ArrayList<>(train.stream().flatMap(List::stream).toList());
    names.add(test);
    names.removeIf(name -> !Files.exists(DataFile.find(folder, name)));
    return names;
  }

  /** The first way of naming the training files of which none is missing. */
  private List<String> wholeWay(Path where, Map<String, byte[]> files) {
    for (List<String> way : train) {
      if (files.keySet().containsAll(way) && files.containsKey(test)) {
        return way;
      }
    }
    List<String> missing = new ArrayList<>(train.get(0));
    missing.add(test);
    missing.removeAll(files.keySet());
    throw new BadInputException(
        where,
        "the files " + String.join(", ", train.get(0)) + " and " + test + " (each raw or .gz)",
        "no " + String.join(", ", missing),
        "add what is missing");
  }

  private Map<String, byte[]> unpacked(Path file) {
    List<String> wanted = new ArrayList<>(train.stream().flatMap(List::stream).toList());
    wanted.add(test);
    return DataFile.read(
        file,
        "the archive of a CIFAR set",
        in -> {
          Map<String, byte[]> files = new HashMap<>();
          try (TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                entry != null;
                entry = tar.getNextEntry()) {
              String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
              if (entry.isFile() && wanted.contains(name)) {
                byte[] content = bounded(file, tar);
                if (content.length < entry.getSize()) {
                  throw new EOFException();
                }
                files.put(name, content);
              }
            }
          } catch (IllegalArgumentException e) {
            throw DataFile.bad(file, "a tar archive in gzip", "other content", AGAIN, e);
          }
          return files;
        });
  }

  private static byte[] bounded(Path file, InputStream in) throws IOException {
    byte[] content = in.readNBytes(LARGEST_FILE + 1);
    if (content.length > LARGEST_FILE) {
      throw DataFile.bad(file, "at most " + LARGEST_FILE + " bytes a file", "more", AGAIN, null);
    }
    return content;
  }

  private byte[] requireRecords(Path file, byte[] content) {
    int record = labelBytes + IMAGE;
    if (content.length == 0 || content.length % record != 0) {
      throw DataFile.bad(
          file,
          "records of " + record + " bytes",
          content.length + " bytes, no multiple of it: the file is truncated or of another set",
          AGAIN,
          null);
    }
    for (int i = 0; i * record < content.length; i++) {
      int label = content[i * record + labelBytes - 1] & 0xff;
      if (label >= classes.size()) {
        throw DataFile.bad(
            file,
            "labels from 0 to " + (classes.size() - 1),
            label + " at image " + i,
            AGAIN,
            null);
      }
    }
    return content;
  }

  private LabelledImages images(String name, Path where, List<byte[]> files) {
    int record = labelBytes + IMAGE;
    int count = files.stream().mapToInt(file -> file.length / record).sum();
    byte[] pixels = ImagePixels.room(where, count, CHANNELS, SIDE, SIDE);
    int[] labels = new int[count];
    int image = 0;
    for (byte[] file : files) {
      for (int at = 0; at < file.length; at += record, image++) {
        labels[image] = file[at + labelBytes - 1] & 0xff;
        int in = at + labelBytes;
        int out = image * IMAGE;
        for (int p = 0; p < PLANE; p++) {
          pixels[out++] = file[in + p];
          pixels[out++] = file[in + PLANE + p];
          pixels[out++] = file[in + 2 * PLANE + p];
        }
      }
    }
    return new LabelledImages(name, classes, CHANNELS, SIDE, SIDE, pixels, labels);
  }
}
