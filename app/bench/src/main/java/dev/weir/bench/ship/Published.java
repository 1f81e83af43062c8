package dev.weir.bench.ship;

import java.util.List;

/// The figures that the experience published which this scenario repeats: 7 GB of metrics over an
/// idle 10 Gbit/s network to spinning disks, "Asynchronous Messaging over gRPC", 2020.
///
/// @param what how it was shipped
/// @param mode the mode here that does the same
/// @param seconds it took
record Published(String what, ShipMode mode, double seconds) {
  static final List<Published> ALL =
      List.of(
          new Published("synchronous, 54 connections", ShipMode.SYNC54, 1140),
          new Published("asynchronous, one connection", ShipMode.ASYNC100, 314),
          new Published("asynchronous, zstd", ShipMode.WITH_ZSTD, 144));
}
