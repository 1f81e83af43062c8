package dev.weir.bench.ops;

import java.util.List;

/// Where a process of the bench serves, on loopback.
///
/// @param grpc gRPC over HTTP/2
/// @param wire calls over wire
/// @param rpc gRPC over wire; 0 for none
record OpsPorts(int grpc, int wire, int rpc) {
  String words() {
    return grpc + " " + wire + " " + rpc;
  }

  static OpsPorts parse(String words) {
    List<String> parts = List.of(words.split(" ", -1));
    return new OpsPorts(
        Integer.parseInt(parts.get(0)),
        Integer.parseInt(parts.get(1)),
        Integer.parseInt(parts.get(2)));
  }
}
