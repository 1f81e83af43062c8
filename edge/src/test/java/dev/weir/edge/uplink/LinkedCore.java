package dev.weir.edge.uplink;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.link.GrpcTransport;
import dev.weir.link.LinkDictionaries;
import dev.weir.link.LinkServer;
import dev.weir.link.LinkServerConfig;
import dev.weir.link.LinkStore;
import dev.weir.link.StoreListener;
import dev.weir.message.Batch;
import dev.weir.message.BatchReader;
import dev.weir.message.BatchSource;
import dev.weir.message.Dictionary;
import dev.weir.message.Message;
import dev.weir.message.StoredLane;
import io.grpc.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// A core's end of the link on a real socket of the loopback; several may share one [Store].
final class LinkedCore implements AutoCloseable {
  private final GrpcTransport transport;
  private final LinkServer link;
  private final Server server;

  LinkedCore(Store store) throws IOException {
    transport = GrpcTransport.start("linked-core", 1);
    link = new LinkServer(LinkServerConfig.of("core"), store, Clock.SYSTEM);
    server =
        transport
            .server(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ByteSize(GrpcTransport.MAX_MESSAGE_BYTES))
            .addStreamTracerFactory(link.tracerFactory())
            .addServices(link.services())
            .build()
            .start();
  }

  URI uri() {
    return URI.create("grpc://127.0.0.1:" + server.getPort());
  }

  int port() {
    return server.getPort();
  }

  /// Cuts every connection, as a killed process does.
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    link.close();
    transport.close();
  }

  /// Keeps frames in memory, each once, in order.
  static final class Store implements LinkStore {
    private final Map<LaneId, StoredLane> lanes = new HashMap<>();

    private record LaneId(BatchSource source, int lane) {}

    private final List<Message> messages = new ArrayList<>();
    private final Map<Integer, Dictionary> dictionaries = new ConcurrentHashMap<>();
    private int batchesWithDictionary;

    synchronized int batchesWithDictionary() {
      return batchesWithDictionary;
    }

    @Override
    public LinkDictionaries dictionaries() {
      return new LinkDictionaries() {
        @Override
        public Optional<Dictionary> find(int id) {
          return Optional.ofNullable(dictionaries.get(id));
        }

        @Override
        public CompletionStage<Void> keep(Dictionary dictionary, String dataClass) {
          dictionaries.put(dictionary.id(), dictionary);
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public List<Offer> recent() {
          return dictionaries.values().stream().map(d -> new Offer(d, "plant/a")).toList();
        }
      };
    }

    synchronized List<String> bodies() {
      return messages.stream().map(message -> message.body().utf8()).toList();
    }

    @Override
    public synchronized CompletionStage<StoredLane> resumeLane(
        BatchSource source, int lane, long firstUnacked) {
      return CompletableFuture.completedFuture(
          lanes.getOrDefault(new LaneId(source, lane), StoredLane.NONE));
    }

    @Override
    public synchronized boolean offer(
        BatchSource source,
        int lane,
        long sequence,
        int crc32c,
        Batch batch,
        StoreListener listener) {
      LaneId id = new LaneId(source, lane);
      boolean isDuplicate = sequence <= lanes.getOrDefault(id, StoredLane.NONE).sequence();
      if (!isDuplicate) {
        lanes.put(id, new StoredLane(sequence, crc32c, List.of()));
        messages.addAll(BatchReader.read(batch));
        batchesWithDictionary += batch.dictionary().isPresent() ? 1 : 0;
      }
      listener.stored("main", 0, messages.size(), isDuplicate, 10, 10);
      return true;
    }

    @Override
    public boolean offer(Message message, StoreListener listener) {
      return false;
    }

    @Override
    public void onRoom(Runnable retry) {
      retry.run();
    }
  }
}
