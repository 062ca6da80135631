package shallows.export.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A TFLite file that also returns values of its inside. Only the list of outputs changes: a longer
 * one is put behind the file, and the graph's reference to the list is bent to it. A flatbuffer is
 * read by following such references, a table's fields by way of a list of their places that the
 * table begins with.
 */
final class TfliteOutputs {
  // Places of fields in those lists, from TFLite's schema: four bytes, then two for each field.
  private static final int SUBGRAPHS_OF_MODEL = 4 + 2 * 2;
  private static final int OUTPUTS_OF_SUBGRAPH = 4 + 2 * 2;

  private TfliteOutputs() {}

  /**
   * @param file of one subgraph, whose offsets were verified
   * @param tensors all that it is to return, by index
   */
  static byte[] returning(byte[] file, int[] tensors) {
    int list = (file.length + Integer.BYTES - 1) / Integer.BYTES * Integer.BYTES;
    byte[] longer = Arrays.copyOf(file, Math.addExact(list, (1 + tensors.length) * Integer.BYTES));
    ByteBuffer buffer = ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN);
    int subgraphs = followed(buffer, field(buffer, followed(buffer, 0), SUBGRAPHS_OF_MODEL));
    int subgraph = followed(buffer, subgraphs + Integer.BYTES);
    int reference = field(buffer, subgraph, OUTPUTS_OF_SUBGRAPH);
    buffer.putInt(reference, list - reference);
    buffer.putInt(list, tensors.length);
    for (int i = 0; i < tensors.length; i++) {
      buffer.putInt(list + (1 + i) * Integer.BYTES, tensors[i]);
    }
    return longer;
  }

  private static int followed(ByteBuffer buffer, int reference) {
    return reference + buffer.getInt(reference);
  }

  /** Where a table has a field, which must be there. */
  private static int field(ByteBuffer buffer, int table, int place) {
    int fields = table - buffer.getInt(table);
    int offset = buffer.getShort(fields + place);
    if (offset == 0 || place >= buffer.getShort(fields)) {
      throw new IllegalArgumentException("a TFLite graph without outputs");
    }
    return table + offset;
  }
}
