package shallows.export.unpack;

import java.nio.ByteBuffer;

/**
 * A table of a flatbuffer, whose fields go by their numbers in the schema. Nothing is copied, and
 * what leads out of the buffer is an {@link IndexOutOfBoundsException} when it is followed.
 *
 * @param bytes the whole buffer, little-endian
 * @param at where the table begins
 */
record FlatTable(ByteBuffer bytes, int at) {
  static FlatTable root(ByteBuffer bytes) {
    return new FlatTable(bytes, followed(bytes, 0));
  }

  /** How many fields it may have; those from here on are absent. */
  int fields() {
    return (unsigned(at - bytes.getInt(at)) - Integer.BYTES) / Short.BYTES;
  }

  boolean has(int field) {
    return place(field) > 0;
  }

  /** A number of 32 bits. */
  int number(int field, int absent) {
    return has(field) ? bytes.getInt(place(field)) : absent;
  }

  /** A number of 8 bits, with its sign. */
  int octet(int field, int absent) {
    return has(field) ? bytes.get(place(field)) : absent;
  }

  /** Where that begins which a field refers to. */
  int target(int field) {
    if (!has(field)) {
      throw new IndexOutOfBoundsException("no field " + field);
    }
    return followed(bytes, place(field));
  }

  FlatTable table(int field) {
    return new FlatTable(bytes, target(field));
  }

  /** The number of entries of a vector, 0 where it is absent. */
  int count(int field) {
    if (!has(field)) {
      return 0;
    }
    int count = bytes.getInt(target(field));
    if (count < 0 || count > bytes.limit() - target(field)) {
      throw new IndexOutOfBoundsException(count + " entries");
    }
    return count;
  }

  /** Where the first entry of a vector lies. */
  int first(int field) {
    return target(field) + Integer.BYTES;
  }

  /** An entry of a vector of 32-bit numbers. */
  int number(int field, int index, String what) {
    if (index < 0 || index >= count(field)) {
      throw new IndexOutOfBoundsException(what + " " + index + " of " + count(field));
    }
    return bytes.getInt(first(field) + index * Integer.BYTES);
  }

  /** The number of a vector's entries of four bytes, for which the buffer has room. */
  int entries(int field) {
    int count = count(field);
    if (count > bytes.limit() / Integer.BYTES) {
      throw new IndexOutOfBoundsException(count + " entries");
    }
    return count;
  }

  /** All of a vector of 32-bit numbers. */
  int[] numbers(int field) {
    int count = entries(field);
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = bytes.getInt(first(field) + i * Integer.BYTES);
    }
    return numbers;
  }

  /** A table out of a vector of tables. */
  FlatTable entry(int field, int index, String what) {
    int reference = number(field, index, what);
    return new FlatTable(bytes, first(field) + index * Integer.BYTES + reference);
  }

  /** Where a field's value lies, 0 where it is absent. */
  private int place(int field) {
    if (field >= fields()) {
      return 0;
    }
    int offset = unsigned(at - bytes.getInt(at) + Integer.BYTES + field * Short.BYTES);
    return offset == 0 ? 0 : at + offset;
  }

  private int unsigned(int position) {
    return bytes.getShort(position) & 0xffff;
  }

  private static int followed(ByteBuffer bytes, int reference) {
    return reference + bytes.getInt(reference);
  }
}
