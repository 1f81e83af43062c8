package dev.weir.bench.ops;

import dev.weir.base.Checks;
import java.util.List;
import java.util.Locale;

/// One way to make small calls.
enum OpsWay {
  UNARY("a gRPC call each", true, 6),
  STREAM("a message each on one gRPC stream", true, 3),
  STREAM_BATCH("up to 512 a message on one gRPC stream, gathered by hand", true, 1),
  WIRE("a wire call each", true, 1),
  RPC_WIRE("a gRPC call each, over wire", false, 3),
  REDIS("GET of redis-server, pipelined", false, 1),
  NATS("a request each over nats-server", false, 1);

  /// Weir's and gRPC's; the others are other programs.
  static final List<OpsWay> OURS = List.of(UNARY, STREAM, STREAM_BATCH, WIRE, RPC_WIRE);

  private final String about;
  private final boolean isRoutable;
  private final int warmUpShare;

  OpsWay(String about, boolean isRoutable, int warmUpShare) {
    this.about = about;
    this.isRoutable = isRoutable;
    this.warmUpShare = warmUpShare;
  }

  /// How many times as long it is warmed up: where a call runs through more code, the compiler is
  /// later done with it.
  int warmUpShare() {
    return warmUpShare;
  }

  /// As tables and commands say it.
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String about() {
    return about;
  }

  /// Whether it may go through a router as well.
  boolean isRoutable() {
    return isRoutable;
  }

  static OpsWay parse(String label) {
    for (OpsWay way : values()) {
      if (way.label().equals(label)) {
        return way;
      }
    }
    Checks.argument(false, "'" + label + "' is not a way to call, expected one of " + labels());
    throw new IllegalStateException();
  }

  private static List<String> labels() {
    return List.of(values()).stream().map(OpsWay::label).toList();
  }
}
