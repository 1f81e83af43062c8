package dev.weir.bench.scale;

import dev.weir.client.Delivered;
import dev.weir.client.Start;
import dev.weir.client.SubscribeOptions;
import dev.weir.client.WeirClient;
import dev.weir.load.ChildTalk;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Subscribers of one topic in a process of their own, over ten connections: answers `opened` with
/// how many have got something, and `await N` once they have got N messages together.
///
///     ScaleReaders TARGET TOPIC COUNT
public final class ScaleReaders {
  private static final int CONNECTIONS = 10;
  private static final long POLL_NANOS = 200_000;
  private static final long MAX_WAIT_NANOS = 60_000_000_000L;

  private static final AtomicLong OPENED = new AtomicLong();
  private static final AtomicLong RECEIVED = new AtomicLong();

  private ScaleReaders() {}

  public static void main(String[] arguments) throws IOException {
    int count = Integer.parseInt(arguments[2]);
    List<WeirClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(CONNECTIONS, count); i++) {
        clients.add(WeirClient.connect(URI.create(arguments[0])));
      }
      SubscribeOptions options =
          SubscribeOptions.of(arguments[1], Start.live()).withBufferMessages(16);
      for (int i = 0; i < count; i++) {
        clients.get(i % clients.size()).flow(options).subscribe(new Counter());
      }
      ChildTalk.serve(
          "reading",
          words ->
              words.getFirst().equals("opened")
                  ? Long.toString(OPENED.get())
                  : await(Long.parseLong(words.get(1))));
    } finally {
      clients.forEach(WeirClient::close);
    }
  }

  private static String await(long count) throws IOException {
    long endNanos = System.nanoTime() + MAX_WAIT_NANOS;
    while (RECEIVED.get() < count) {
      if (System.nanoTime() > endNanos) {
        throw new IOException("only " + RECEIVED.get() + " of " + count + " messages came");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return Long.toString(RECEIVED.get());
  }

  /// Counts what comes.
  private static final class Counter implements Flow.Subscriber<Delivered> {
    private boolean isOpen;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Delivered delivered) {
      if (!isOpen) {
        isOpen = true;
        OPENED.incrementAndGet();
      }
      RECEIVED.incrementAndGet();
    }

    @Override
    public void onError(Throwable cause) {
      System.err.println("a subscriber failed: " + cause);
    }

    @Override
    public void onComplete() {}
  }
}
