package dev.weir.link;

import dev.weir.proto.Response;

/// What a [Carrier] tells, on an event loop: it must not block.
interface CarrierListener {
  /// It is connected and takes requests, for the first time or again.
  void onReady();

  /// The core said something.
  ///
  /// @param cost what is to be given back with [Carrier#onTaken]
  void onResponse(Response response, long cost);

  /// It ended, or never came up. Told at least once, and again perhaps.
  void onDown(String reason);
}
