package dev.weir.config;

import java.net.InetAddress;
import java.util.Optional;

/// A range of addresses: `10.0.0.0/8`, or one of them.
///
/// @param prefixBits how many leading bits all of it have in common
public record AddressRange(InetAddress address, int prefixBits) {
  /// The range, or nothing when the text is none. Names are not looked up.
  static Optional<AddressRange> parse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    String bits = slash < 0 ? "" : text.substring(slash + 1);
    if (literal.indexOf(':') < 0 && literal.split("\\.", -1).length != 4) {
      return Optional.empty(); // The JDK takes 10.1 for 10.0.0.1, which nobody means.
    }
    try {
      InetAddress address = InetAddress.ofLiteral(literal);
      int most = 8 * address.getAddress().length;
      if (slash < 0) {
        return Optional.of(new AddressRange(address, most));
      }
      if (!bits.matches("\\d{1,3}") || Integer.parseInt(bits) > most) {
        return Optional.empty();
      }
      return Optional.of(new AddressRange(address, Integer.parseInt(bits)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixBits;
  }
}
