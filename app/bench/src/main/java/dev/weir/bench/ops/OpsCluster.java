package dev.weir.bench.ops;

import dev.weir.bench.ServerProcess;
import dev.weir.bench.TalkingChild;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The processes of the bench: load, router, server, and other programs. One thread drives it.
final class OpsCluster implements AutoCloseable {
  private final TalkingChild server;
  private final TalkingChild router;
  private final TalkingChild load;
  private final OpsPorts direct;
  private final OpsPorts routed;
  private final Map<OpsWay, ServerProcess> peers = new EnumMap<>(OpsWay.class);

  private OpsCluster(TalkingChild server, TalkingChild router, TalkingChild load) {
    this.server = server;
    this.router = router;
    this.load = load;
    this.direct = OpsPorts.parse(server.ready());
    this.routed = OpsPorts.parse(router.ready());
  }

  /// @param program the words that start a JVM with this program's class path
  /// @param spin of every loop before it sleeps; zero for none
  static OpsCluster start(List<String> program, Duration spin) throws IOException {
    List<String> java = new ArrayList<>(program);
    java.addAll(1, OneLoop.spinning(spin));
    List<TalkingChild> started = new ArrayList<>();
    try {
      started.add(TalkingChild.start(words(java, OpsServer.class, List.of())));
      List<String> ports = List.of(started.getFirst().ready().split(" ", -1));
      started.add(TalkingChild.start(words(java, OpsRouter.class, ports)));
      started.add(TalkingChild.start(words(java, OpsLoad.class, List.of())));
      return new OpsCluster(started.get(0), started.get(1), started.get(2));
    } catch (IOException e) {
      started.forEach(TalkingChild::close);
      throw e;
    }
  }

  private static List<String> words(List<String> java, Class<?> program, List<String> arguments) {
    List<String> words = new ArrayList<>(java);
    words.addAll(
        1, List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx512m", "-XX:MaxDirectMemorySize=512m"));
    words.add(program.getName());
    words.addAll(arguments);
    return words;
  }

  /// Starts another program; false when it is not installed.
  boolean add(OpsWay peer) throws IOException {
    Optional<ServerProcess> started = PeerServer.start(peer);
    if (started.isPresent()) {
      peers.put(peer, started.get());
      if (peer == OpsWay.NATS) {
        server.ask("nats " + started.get().port());
      }
    }
    return started.isPresent();
  }

  /// Measures a case once.
  ///
  /// @param warmUp of an open loop only
  OpsSample measure(OpsCase what, Duration warmUp, Duration time) throws IOException {
    double serverBefore = serverCpu(what.way());
    double routerBefore = routerCpu(what);
    double loadBefore = load.cpuSeconds();
    long allocatedBefore = allocated();
    OpsFigures figures = OpsFigures.parse(load.ask(question(what, warmUp, time)));
    double operations = Math.max(1, figures.operations());
    return new OpsSample(
        figures,
        (serverCpu(what.way()) - serverBefore) / operations * 1e6,
        (routerCpu(what) - routerBefore) / operations * 1e6,
        (load.cpuSeconds() - loadBefore) / operations * 1e6,
        what.way() == OpsWay.REDIS ? Double.NaN : (allocated() - allocatedBefore) / operations);
  }

  private String question(OpsCase what, Duration warmUp, Duration time) {
    List<String> words = new ArrayList<>();
    words.add(what.perSecond() > 0 ? "open" : "closed");
    words.add(what.way().label());
    words.add(what.path());
    words.add(Integer.toString(port(what)));
    words.add(Integer.toString(what.bytes()));
    if (what.perSecond() > 0) {
      words.add(Integer.toString(what.perSecond()));
      words.add(Long.toString(warmUp.toMillis()));
    } else {
      words.add(Integer.toString(what.inFlight()));
    }
    words.add(Long.toString(time.toMillis()));
    return String.join(" ", words);
  }

  private int port(OpsCase what) {
    OpsPorts ports = what.isRouted() ? routed : direct;
    return switch (what.way()) {
      case UNARY, STREAM, STREAM_BATCH -> ports.grpc();
      case WIRE -> ports.wire();
      case RPC_WIRE -> ports.rpc();
      case REDIS, NATS -> peer(what.way()).port();
    };
  }

  private ServerProcess peer(OpsWay way) {
    ServerProcess peer = peers.get(way);
    if (peer == null) {
      throw new IllegalStateException(way + " is not running");
    }
    return peer;
  }

  private double serverCpu(OpsWay way) {
    return way == OpsWay.REDIS ? peer(way).cpuSeconds() : server.cpuSeconds();
  }

  private double routerCpu(OpsCase what) {
    if (what.way() == OpsWay.NATS) {
      return peer(OpsWay.NATS).cpuSeconds();
    }
    return what.isRouted() ? router.cpuSeconds() : 0;
  }

  private long allocated() throws IOException {
    return Long.parseLong(server.ask("stat"));
  }

  /// Holds the server's wire loop up in a while; returns at once.
  void pause(Duration after, Duration time) throws IOException {
    server.ask("pause " + after.toMillis() + " " + time.toMillis());
  }

  @Override
  public void close() {
    load.close();
    router.close();
    server.close();
    peers.values().forEach(ServerProcess::close);
  }
}
