package dev.weir.kv;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A [KvClient] for plain blocking code, on virtual threads best; never on an event loop. Every
/// method throws WeirException for what failed, and InterruptedException.
public final class BlockingKv {
  private final KvClient client;

  public BlockingKv(KvClient client) {
    this.client = client;
  }

  public WriteResult put(String bucket, Bytes key, Bytes value) throws InterruptedException {
    return await(client.put(bucket, key, value));
  }

  /// See [KvStore#put].
  public WriteResult put(
      String bucket, Bytes key, Bytes value, long expected, Optional<Duration> ttl)
      throws InterruptedException {
    return await(client.put(bucket, key, value, expected, ttl));
  }

  public WriteResult delete(String bucket, Bytes key, long expected) throws InterruptedException {
    return await(client.delete(bucket, key, expected));
  }

  public Optional<KvEntry> get(String bucket, Bytes key) throws InterruptedException {
    return await(client.get(bucket, key, 0));
  }

  /// @param revision 0 for the newest
  public Optional<KvEntry> get(String bucket, Bytes key, long revision)
      throws InterruptedException {
    return await(client.get(bucket, key, revision));
  }

  public List<KvHead> history(String bucket, Bytes key) throws InterruptedException {
    return await(client.history(bucket, key));
  }

  public List<KvHead> keys(String bucket, Bytes prefix, Bytes after, int max)
      throws InterruptedException {
    return await(client.keys(bucket, prefix, after, max));
  }

  public void configure(String bucket, BucketConfig config) throws InterruptedException {
    var _ = await(client.configure(bucket, config));
  }

  private static <T> T await(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WeirException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
