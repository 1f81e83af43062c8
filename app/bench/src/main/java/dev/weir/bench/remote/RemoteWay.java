package dev.weir.bench.remote;

import java.util.Locale;

/// What a remote's messages go over.
enum RemoteWay {
  GRPC_STREAM("a message each on one gRPC stream"),
  GRPC_BATCH("up to 512 a message on one gRPC stream"),
  WIRE("one wire stream");

  private final String about;

  RemoteWay(String about) {
    this.about = about;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String about() {
    return about;
  }

  static RemoteWay parse(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
