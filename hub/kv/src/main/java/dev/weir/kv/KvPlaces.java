package dev.weir.kv;

import dev.weir.base.WeirException;

/// Which keys are a store's to serve, where several stores share them. Any thread may call it;
/// nothing blocks.
@FunctionalInterface
public interface KvPlaces {
  /// All of them.
  KvPlaces ALL = _ -> {};

  /// Demands that a key is this store's.
  ///
  /// @param route see [KvRoute]
  /// @throws WeirException SLOT_MOVED
  void require(long route);

  /// Demands that a request about one key is this store's; one about many keys is everybody's.
  ///
  /// @throws WeirException as above
  default void require(KvRequest request) {
    switch (request) {
      case KvRequest.Get _, KvRequest.Put _, KvRequest.Delete _, KvRequest.History _ ->
          require(KvRoute.of(request.bucket(), request.key()));
      case KvRequest.Keys _, KvRequest.Watch _, KvRequest.Configure _ -> {}
    }
  }
}
