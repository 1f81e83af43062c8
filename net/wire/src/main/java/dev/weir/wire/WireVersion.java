package dev.weir.wire;

import dev.weir.base.Checks;
import java.util.List;
import java.util.Optional;

/// A version of the protocol. Minor versions add what older peers skip; another major one is
/// another protocol.
///
/// @param major 0 to 255
/// @param minor 0 to 255
public record WireVersion(int major, int minor) implements Comparable<WireVersion> {
  static final WireVersion V1_0 = new WireVersion(1, 0);

  /// What this build speaks, the best first.
  static final List<WireVersion> SUPPORTED = List.of(V1_0);

  public WireVersion {
    Checks.range("major", major, 0, 255);
    Checks.range("minor", minor, 0, 255);
  }

  static WireVersion ofBits(int bits) {
    return new WireVersion(bits >> 8 & 0xff, bits & 0xff);
  }

  int bits() {
    return major << 8 | minor;
  }

  /// The highest version that both lists hold.
  static Optional<WireVersion> choose(List<WireVersion> ours, List<WireVersion> theirs) {
    return ours.stream().filter(theirs::contains).max(WireVersion::compareTo);
  }

  @Override
  public int compareTo(WireVersion other) {
    return Integer.compare(bits(), other.bits());
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
