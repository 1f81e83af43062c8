package dev.weir.link;

import dev.weir.base.Checks;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// How a target is spoken to, by the scheme of its address.
public enum LinkScheme {
  /// gRPC.
  GRPC("grpc", Binding.GRPC, false),
  /// gRPC over TLS.
  GRPCS("grpcs", Binding.GRPC, true),
  /// Wire.
  WIRE("wire", Binding.WIRE, false),
  /// Wire over TLS.
  WIRES("wires", Binding.WIRE, true),
  /// Wire, or gRPC where wire does not come through.
  WEIR("weir", Binding.EITHER, false),
  /// The same over TLS.
  WEIRS("weirs", Binding.EITHER, true);

  /// What carries the link.
  enum Binding {
    GRPC,
    WIRE,
    EITHER
  }

  private final String text;
  private final Binding binding;
  private final boolean isSecure;

  LinkScheme(String text, Binding binding, boolean isSecure) {
    this.text = text;
    this.binding = binding;
    this.isSecure = isSecure;
  }

  /// The scheme of an address that names a host; empty when it is none of these.
  public static Optional<LinkScheme> of(URI target) {
    return Arrays.stream(values())
        .filter(scheme -> scheme.text.equals(target.getScheme()) && target.getHost() != null)
        .findFirst();
  }

  /// The scheme of an address that names a host.
  ///
  /// @throws IllegalArgumentException when it is none of these
  public static LinkScheme require(URI target) {
    Optional<LinkScheme> known = of(target);
    Checks.argument(
        known.isPresent(),
        "target is '" + target + "', expected SCHEME://HOST:PORT with one of " + schemes());
    return known.orElseThrow();
  }

  private static String schemes() {
    return Arrays.stream(values()).map(LinkScheme::text).collect(Collectors.joining(", "));
  }

  /// What stands before `://`.
  public String text() {
    return text;
  }

  /// Whether it is TLS, which is never given up for plain text.
  public boolean isSecure() {
    return isSecure;
  }

  Binding binding() {
    return binding;
  }
}
