package dev.weir.router;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;

/// Some of the slots of a [SlotMap]: slot n is the bit n & 7 of byte n >>> 3.
public record SlotSet(Bytes bits) {
  /// What a set takes.
  public static final int BYTES = SlotMap.SLOTS / Byte.SIZE;

  public static final SlotSet NONE = new SlotSet(Bytes.wrap(new byte[BYTES]));

  public SlotSet {
    Checks.range("bytes of the slots", bits.length(), BYTES, BYTES);
  }

  /// Whether a route's slot is one of them.
  public boolean holds(long route) {
    int slot = SlotMap.slotOf(route);
    return (bits.at(slot >>> 3) >>> (slot & 7) & 1) != 0;
  }

  public int count() {
    int count = 0;
    for (int i = 0; i < BYTES; i++) {
      count += Integer.bitCount(bits.at(i) & 0xff);
    }
    return count;
  }
}
