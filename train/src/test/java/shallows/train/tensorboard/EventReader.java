package shallows.train.tensorboard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.hadoop.util.TFRecordReader;
import org.tensorflow.util.Event;

/** TensorFlow's reader of records, which checks both checksums of each, and its events. */
public final class EventReader {
  private EventReader() {}

  /** The events of all files of a folder, in the order in which TensorBoard reads them. */
  public static List<Event> read(Path folder) throws IOException {
    List<Event> events = new ArrayList<>();
    for (Path file : files(folder)) {
      try (InputStream in = Files.newInputStream(file)) {
        TFRecordReader records = new TFRecordReader(in, true);
        for (byte[] record = records.read(); record != null; record = records.read()) {
          events.add(Event.parseFrom(record));
        }
      }
    }
    return events;
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().contains("tfevents")).sorted().toList();
    }
  }
}
