package shallows.export.quantize;

import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Tensor;

/**
 * The weights of a binary convolution as bits and one scale an output channel: weight i of channel
 * o is α(o) where its bit is set and −α(o) where it is not. Bit i is bit i mod 8 of byte i / 8, the
 * lowest first; the last byte is filled with zeros.
 */
public record PackedBits(byte[] bits, float[] scales) {
  public static final int PER_BYTE = 8;
  public static final int BYTE_VALUES = 256;

  public static PackedBits of(Tensor weight) {
    byte[] bits = new byte[(weight.size() + PER_BYTE - 1) / PER_BYTE];
    for (int i = 0; i < weight.size(); i++) {
      // As in BinaryWeights.project, zero counts as positive.
      if (!(weight.values()[i] < 0)) {
        bits[i / PER_BYTE] |= (byte) (1 << i % PER_BYTE);
      }
    }
    return new PackedBits(bits, BinaryWeights.scales(weight));
  }

  /** What each value of a byte stands for: {@code (256, 8)} of −1 and +1. */
  public static byte[] table() {
    byte[] table = new byte[BYTE_VALUES * PER_BYTE];
    for (int i = 0; i < table.length; i++) {
      table[i] = (byte) ((i / PER_BYTE >> i % PER_BYTE & 1) == 1 ? 1 : -1);
    }
    return table;
  }
}
