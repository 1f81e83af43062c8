package dev.weir.bench.rtt;

import java.util.List;

/// Where the server of the bench listens, a port for each kind.
///
/// @param wire calls over wire
/// @param grpcDefault gRPC with default windows
/// @param grpcTuned with windows of 16 MiB
/// @param grpcFixed with windows of 64 KiB
/// @param http HTTP/1.1 and HTTP/2 without TLS
record RttPorts(int wire, int grpcDefault, int grpcTuned, int grpcFixed, int http) {
  int of(RttWay way) {
    return switch (way) {
      case WIRE -> wire;
      case GRPC_DEFAULT -> grpcDefault;
      case GRPC_TUNED -> grpcTuned;
      case GRPC_FIXED -> grpcFixed;
      case HTTP2, HTTP1 -> http;
    };
  }

  String words() {
    return wire + " " + grpcDefault + " " + grpcTuned + " " + grpcFixed + " " + http;
  }

  static RttPorts parse(String words) {
    List<Integer> all = List.of(words.split(" ", -1)).stream().map(Integer::valueOf).toList();
    return new RttPorts(all.get(0), all.get(1), all.get(2), all.get(3), all.get(4));
  }
}
