package dev.weir.link;

import dev.weir.base.WeirException;
import dev.weir.proto.Response;
import org.jspecify.annotations.Nullable;

/// What a [Carrier] tells, on an event loop: it must not block.
interface CarrierListener {
  /// It is connected and takes requests, for the first time or again.
  void onReady();

  /// The core said something.
  ///
  /// @param cost what is to be given back with [Carrier#onTaken]
  void onResponse(Response response, long cost);

  /// It ended, or never came up. Told at least once, and again perhaps.
  ///
  /// @param refusal why the core does not let this end in; null when it said nothing like that
  void onDown(String reason, @Nullable WeirException refusal);

  default void onDown(String reason) {
    onDown(reason, null);
  }
}
