package dev.weir.bench.rtt;

import java.util.concurrent.CompletableFuture;

/// One fresh connection; the first upload opens it. Several uploads may be under way.
interface Uploader extends AutoCloseable {
  /// Completes when the far side has said that it has everything.
  ///
  /// @param bytes 1 or more, up to [Upload#MAX_BYTES]
  CompletableFuture<Void> upload(int bytes);

  @Override
  void close();
}
