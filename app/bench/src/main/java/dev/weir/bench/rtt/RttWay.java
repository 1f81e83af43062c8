package dev.weir.bench.rtt;

import java.util.Locale;

/// One way to make large requests.
enum RttWay {
  WIRE("a wire call, windows as they are by default"),
  GRPC_DEFAULT("gRPC unary with the windows of grpc-java: 1 MiB, growing to 8 MiB"),
  GRPC_TUNED("gRPC unary with windows of 16 MiB"),
  GRPC_FIXED("gRPC unary with windows of 64 KiB that do not grow"),
  HTTP2("POST over HTTP/2: the JDK's client, Jetty with its default windows"),
  HTTP1("POST over HTTP/1.1: the JDK's client, Jetty");

  private final String about;

  RttWay(String about) {
    this.about = about;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String about() {
    return about;
  }

  static RttWay parse(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
