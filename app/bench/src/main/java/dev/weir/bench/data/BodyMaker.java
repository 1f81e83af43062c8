package dev.weir.bench.data;

import dev.weir.base.Bytes;
import java.util.random.RandomGenerator;

/// Makes bodies of one kind. Every body has room for its message's number in a field that such data
/// has anyway, so that a reader who gets nothing but bodies can tell them apart.
///
/// One thread makes bodies; any thread may number and read them.
interface BodyMaker {
  /// A body of about so many bytes, never less than 40.
  byte[] make(int sizeBytes, RandomGenerator random);

  /// Writes a message's number into a body, 0 to 2^40.
  void number(byte[] body, long number);

  /// The number that [#number] wrote; anything for a body of another origin.
  long number(Bytes body);
}
