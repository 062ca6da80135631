package shallows.export.unpack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables that are put before a flatbuffer and take the place of some of its own. References of a
 * flatbuffer only lead onwards, so these may lead to anything in the buffer behind, which stays as
 * it is. Tables are written parents first; what they refer to is told when its place is known.
 */
final class FrontTables {
  /** What kernels want the first byte of a constant to be a multiple of. */
  static final int ALIGNMENT = 16;

  /** Leads into the buffer behind from a cell, or to data between. */
  private record Reference(int cell, int to) {}

  private final List<Reference> behind = new ArrayList<>();
  private final List<Reference> data = new ArrayList<>();
  private ByteBuffer bytes = little(new byte[1 << 12]);
  private int end;

  /**
   * @param identifier of the format
   */
  FrontTables(int identifier) {
    reserve(2 * Integer.BYTES);
    number(Integer.BYTES, identifier);
  }

  /**
   * A table whose fields take four bytes each.
   *
   * @param has which fields are there
   * @return where each field's value goes, and last where the table begins
   */
  int[] table(boolean... has) {
    int[] cells = new int[has.length + 1];
    int count = 0;
    for (boolean there : has) {
      count += there ? 1 : 0;
    }
    int sizeOfList = (2 + has.length) * Short.BYTES;
    int list = reserve(sizeOfList);
    int table = reserve((1 + count) * Integer.BYTES);
    bytes.putShort(list, (short) sizeOfList);
    bytes.putShort(list + Short.BYTES, (short) ((1 + count) * Integer.BYTES));
    int next = table + Integer.BYTES;
    for (int field = 0; field < has.length; field++) {
      if (has[field]) {
        bytes.putShort(list + (2 + field) * Short.BYTES, (short) (next - table));
        cells[field] = next;
        next += Integer.BYTES;
      }
    }
    number(table, table - list);
    cells[has.length] = table;
    return cells;
  }

  /**
   * A vector of references or 32-bit numbers; returns where it begins, before the first of them.
   */
  int vector(int count) {
    int vector = reserve((1 + count) * Integer.BYTES);
    number(vector, count);
    return vector;
  }

  void number(int cell, int value) {
    bytes.putInt(cell, value);
  }

  /** A cell refers to what stands here, further on. */
  void refer(int cell, int position) {
    number(cell, position - cell);
  }

  /** A cell refers to a place in the buffer behind. */
  void referBehind(int cell, int position) {
    behind.add(new Reference(cell, position));
  }

  /** A cell refers to a vector of bytes by its number in {@link #before}. */
  void referToData(int cell, int index) {
    data.add(new Reference(cell, index));
  }

  /** The bytes that it will take with vectors of these sizes, a multiple of the alignment. */
  long size(List<byte[]> vectors) {
    long size = end;
    for (byte[] vector : vectors) {
      size = dataStart(size) + vector.length;
    }
    return aligned(size);
  }

  /**
   * The whole file.
   *
   * @param vectors what {@link #referToData} meant
   */
  byte[] before(byte[] buffer, List<byte[]> vectors) {
    int shift = Math.toIntExact(size(vectors));
    byte[] file = new byte[Math.addExact(shift, buffer.length)];
    int[] starts = new int[vectors.size()];
    int filled = end;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = (int) dataStart(filled);
      filled = starts[i] + vectors.get(i).length;
      System.arraycopy(vectors.get(i), 0, file, starts[i], vectors.get(i).length);
    }
    behind.forEach(reference -> refer(reference.cell(), shift + reference.to()));
    data.forEach(to -> refer(to.cell(), starts[to.to()] - Integer.BYTES));
    System.arraycopy(bytes.array(), 0, file, 0, end);
    ByteBuffer lengths = little(file);
    for (int i = 0; i < starts.length; i++) {
      lengths.putInt(starts[i] - Integer.BYTES, vectors.get(i).length);
    }
    System.arraycopy(buffer, 0, file, shift, buffer.length);
    return file;
  }

  /** Where the bytes of a vector start whose length goes before them. */
  private static long dataStart(long end) {
    return aligned(end + Integer.BYTES);
  }

  private static long aligned(long size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Takes zeros for what is to be written, on a multiple of four. */
  private int reserve(int size) {
    int start = (end + Integer.BYTES - 1) / Integer.BYTES * Integer.BYTES;
    end = Math.addExact(start, size);
    if (end > bytes.capacity()) {
      ByteBuffer longer = little(new byte[Math.max(end, Math.multiplyExact(2, bytes.capacity()))]);
      System.arraycopy(bytes.array(), 0, longer.array(), 0, start);
      bytes = longer;
    }
    return start;
  }

  private static ByteBuffer little(byte[] array) {
    return ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
  }
}
