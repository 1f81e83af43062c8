package dev.weir.rpc;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A client's listener that remembers what it heard.
final class Heard extends ClientCall.Listener<byte[]> {
  final List<byte[]> messages = new CopyOnWriteArrayList<>();
  final AtomicInteger closes = new AtomicInteger();
  final AtomicInteger readies = new AtomicInteger();
  private volatile @Nullable Metadata headers;
  private volatile @Nullable Metadata trailers;
  private final CompletableFuture<Status> end = new CompletableFuture<>();

  @Override
  public void onHeaders(Metadata found) {
    headers = found;
  }

  @Override
  public void onMessage(byte[] message) {
    messages.add(message);
  }

  @Override
  public void onReady() {
    readies.incrementAndGet();
  }

  @Override
  public void onClose(Status status, Metadata found) {
    closes.incrementAndGet();
    trailers = found;
    end.complete(status);
  }

  Metadata headers() {
    return Objects.requireNonNull(headers);
  }

  Metadata trailers() {
    return Objects.requireNonNull(trailers);
  }

  Status await() throws Exception {
    return end.get(20, TimeUnit.SECONDS);
  }
}
