package dev.weir.bench.rtt;

import dev.weir.load.ChildTalk;
import dev.weir.wire.Transport;
import dev.weir.wire.WireLoops;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// The near side of the path, in a process of its own:
///
///     run WAY HOST PORT BYTES COUNT     so many uploads on a fresh connection, one after the other
///     ping WAY HOST PORT BYTES COUNT    so many small ones alone, then as many as go beside a large
///
/// Both are answered by nanoseconds; of `ping` the two middle ones.
public final class RttClient implements AutoCloseable {
  static final int TUNED_WINDOW = 16 << 20;
  static final int FIXED_WINDOW = 65_535;

  /// What is uploaded; its content does not matter to anything on the way.
  static final byte[] BODY = new byte[RttOptions.MAX_SIZE];

  private static final long PATIENCE_SECONDS = 300;
  private static final int PING_BYTES = 16;

  private final WireLoops loops = WireLoops.start("near", 1, Transport.best());

  private RttClient() {}

  public static void main(String[] arguments) throws IOException {
    try (RttClient client = new RttClient()) {
      ChildTalk.serve("near", client::answer);
    }
  }

  private String answer(List<String> words)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    RttWay way = RttWay.parse(words.get(1));
    InetSocketAddress address = new InetSocketAddress(words.get(2), Integer.parseInt(words.get(3)));
    int bytes = Integer.parseInt(words.get(4));
    int count = Integer.parseInt(words.get(5));
    return switch (words.getFirst()) {
      case "run" -> words(run(way, address, bytes, count));
      case "ping" -> words(ping(way, address, bytes, count));
      default -> throw new IllegalArgumentException("unknown: " + words);
    };
  }

  private static String words(List<Long> nanos) {
    return nanos.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  /// The first includes connecting, but for HTTP/2: see [HttpUploader].
  private List<Long> run(RttWay way, InetSocketAddress address, int bytes, int count)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<Long> nanos = new ArrayList<>();
    long start = System.nanoTime();
    try (Uploader uploader = open(way, address)) {
      if (way == RttWay.HTTP2) {
        start = System.nanoTime();
      }
      for (int i = 0; i < count; i++) {
        uploader.upload(bytes).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        long end = System.nanoTime();
        nanos.add(end - start);
        start = end;
      }
    }
    return nanos;
  }

  private List<Long> ping(RttWay way, InetSocketAddress address, int bytes, int count)
      throws InterruptedException, ExecutionException, TimeoutException {
    try (Uploader uploader = open(way, address)) {
      uploader.upload(1_000_000).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      List<Long> idle = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        idle.add(once(uploader));
      }
      List<Long> loaded = new ArrayList<>();
      CompletableFuture<Void> large = uploader.upload(bytes);
      while (!large.isDone() || loaded.isEmpty()) {
        loaded.add(once(uploader));
      }
      large.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return List.of(middle(idle), middle(loaded));
    }
  }

  private static long once(Uploader uploader)
      throws InterruptedException, ExecutionException, TimeoutException {
    long start = System.nanoTime();
    uploader.upload(PING_BYTES).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return System.nanoTime() - start;
  }

  private static long middle(List<Long> nanos) {
    return nanos.stream().sorted().toList().get(nanos.size() / 2);
  }

  private Uploader open(RttWay way, InetSocketAddress address) {
    return switch (way) {
      case WIRE -> new WireUploader(loops, address);
      case GRPC_DEFAULT -> new GrpcUploader(channel(builder(address)));
      case GRPC_TUNED ->
          new GrpcUploader(channel(builder(address).flowControlWindow(TUNED_WINDOW)));
      case GRPC_FIXED ->
          new GrpcUploader(channel(builder(address).flowControlWindow(FIXED_WINDOW)));
      case HTTP2 -> new HttpUploader(address, Version.HTTP_2);
      case HTTP1 -> new HttpUploader(address, Version.HTTP_1_1);
    };
  }

  private static NettyChannelBuilder builder(InetSocketAddress address) {
    return NettyChannelBuilder.forAddress(address).usePlaintext().disableRetry().directExecutor();
  }

  private static ManagedChannel channel(NettyChannelBuilder builder) {
    return builder.build();
  }

  @Override
  public void close() {
    loops.close();
  }
}
