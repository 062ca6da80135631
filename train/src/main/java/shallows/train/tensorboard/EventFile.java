package shallows.train.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.IoReason;

/**
 * A file of events as TensorBoard reads them: TFRecords of {@code tensorflow.Event}. It is appended
 * to and never rewritten, since TensorBoard goes on reading where it stopped; a process that dies
 * leaves a last record which readers skip.
 *
 * <pre>
 *   record = length (8 bytes, little endian) | masked CRC-32C of those 8 | data | masked CRC-32C of the data
 *   masked = rotate right by 15 (crc) + 0xa282ead8
 * </pre>
 *
 * <p>Each file begins with the step it goes on from. TensorBoard then forgets what earlier files of
 * the folder say about later steps, which an interrupted training computed once more.
 */
public final class EventFile implements AutoCloseable {
  private static final String PREFIX = "events.out.tfevents.";
  private static final String VERSION = "brain.Event:2";
  private static final int CRC_MASK = 0xa282ead8;

  // Fields of Event, SessionLog, Summary and Summary.Value, by number: their generated classes come
  // with TensorFlow alone.
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;
  private static final int SESSION_STATUS = 1;
  private static final int SESSION_START = 1;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE = 2;

  private final Path file;
  private final FileChannel channel;

  private EventFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Begins a file behind those that the folder has.
   *
   * @param step how many steps of the training were done
   * @throws BadInputException when it cannot be written
   */
  public static EventFile begin(Path folder, long step) {
    Path file = folder;
    try {
      Files.createDirectories(folder);
      // TensorBoard reads the files of a folder in the order of their names.
      long seconds = System.currentTimeMillis() / 1000;
      do {
        file = folder.resolve(String.format(Locale.ROOT, "%s%010d.shallows", PREFIX, seconds));
        seconds++;
      } while (Files.exists(file));
      EventFile events =
          new EventFile(
              file,
              FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
      events.append(
          UnknownFieldSet.newBuilder()
              .addField(FILE_VERSION, bytes(ByteString.copyFromUtf8(VERSION))));
      events.restart(step);
      return events;
    } catch (IOException e) {
      throw cannot(file, "be written", e);
    }
  }

  /** Takes the event files of an earlier training away. */
  public static void clear(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> all = entries.toList();
      List<Path> ours =
          all.stream().filter(f -> f.getFileName().toString().startsWith(PREFIX)).toList();
      for (Path each : ours) {
        Files.delete(each);
      }
      if (ours.size() == all.size()) {
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw cannot(folder, "be cleaned up", e);
    }
  }

  /** The training goes on from this step: what was said about later ones no longer holds. */
  public void restart(long step) {
    UnknownFieldSet start =
        UnknownFieldSet.newBuilder().addField(SESSION_STATUS, integer(SESSION_START)).build();
    append(
        UnknownFieldSet.newBuilder()
            .addField(STEP, integer(step))
            .addField(SESSION_LOG, bytes(start.toByteString())));
  }

  /**
   * @param step how many steps were done
   * @param scalars by tag; TensorBoard puts those of the same first part together
   */
  public void scalars(long step, Map<String, Double> scalars) {
    Field.Builder values = Field.newBuilder();
    scalars.forEach((tag, value) -> values.addLengthDelimited(scalar(tag, value.floatValue())));
    UnknownFieldSet summary =
        UnknownFieldSet.newBuilder().addField(SUMMARY_VALUE, values.build()).build();
    append(
        UnknownFieldSet.newBuilder()
            .addField(STEP, integer(step))
            .addField(SUMMARY, bytes(summary.toByteString())));
  }

  private static ByteString scalar(String tag, float value) {
    return UnknownFieldSet.newBuilder()
        .addField(VALUE_TAG, bytes(ByteString.copyFromUtf8(tag)))
        .addField(
            VALUE_SIMPLE, Field.newBuilder().addFixed32(Float.floatToRawIntBits(value)).build())
        .build()
        .toByteString();
  }

  private static Field integer(long value) {
    return Field.newBuilder().addVarint(value).build();
  }

  private static Field bytes(ByteString value) {
    return Field.newBuilder().addLengthDelimited(value).build();
  }

  private void append(UnknownFieldSet.Builder event) {
    long now = Double.doubleToRawLongBits(System.currentTimeMillis() / 1e3);
    byte[] data =
        event.addField(WALL_TIME, Field.newBuilder().addFixed64(now).build()).build().toByteArray();
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(maskedChecksum(record.array(), Long.BYTES));
    record.put(data).putInt(maskedChecksum(data, data.length)).flip();
    try {
      while (record.hasRemaining()) {
        channel.write(record);
      }
    } catch (IOException e) {
      throw cannot(file, "be written", e);
    }
  }

  private static int maskedChecksum(byte[] bytes, int count) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, count);
    return Integer.rotateRight((int) checksum.getValue(), 15) + CRC_MASK;
  }

  private static BadInputException cannot(Path file, String what, IOException e) {
    return BadInputException.of(
        file,
        "cannot " + what + " (" + IoReason.of(e) + ")",
        Phrase.of("free space or choose another %s", Setting.OUT),
        e);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw cannot(file, "be written", e);
    }
  }
}
