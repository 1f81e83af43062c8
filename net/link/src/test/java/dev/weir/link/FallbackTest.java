package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.flow.Backoff;
import dev.weir.message.BatchSource;
import dev.weir.testkit.ManualClock;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Targets that leave the choice between wire and gRPC to what comes through.
final class FallbackTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 0x1234);
  private static final Backoff FAST = new Backoff(1_000_000, 20_000_000);

  private final MemoryStore store = new MemoryStore(1_000);
  private final MemoryLane lane = new MemoryLane(0);

  @AfterEach
  void closeStore() {
    store.close();
  }

  private LinkCore core(DirectPath path) {
    return path.start(LinkServerConfig.of("core-1"), store, Clock.SYSTEM);
  }

  private LinkClient connect(DirectPath path, int port, Duration connectTimeout) {
    String scheme = path.scheme().isSecure() ? "weirs" : "weir";
    LinkClientConfig config =
        path.config(List.of(URI.create(scheme + "://127.0.0.1:" + port)), SOURCE)
            .withTimeouts(connectTimeout, Duration.ofSeconds(20))
            .withBackoff(FAST);
    return LinkClient.start(
        config, List.of(lane), Clock.SYSTEM, new SplittableRandom(1), LinkListener.NONE);
  }

  private void ship(LinkClient client, String body) {
    lane.add("t", body);
    client.wake();
    eventually("settled", lane::isSettled);
  }

  @ParameterizedTest
  @EnumSource(
      value = DirectPath.class,
      names = {"WIRE", "WIRE_TLS"})
  void staysWithWireWhereItIsSpoken(DirectPath path) {
    try (LinkCore core = core(path);
        Relay relay = new Relay(core.port());
        LinkClient client = connect(path, relay.port(), Duration.ofSeconds(40))) {
      ship(client, "first");

      assertThat(relay.connections()).isEqualTo(1);
      assertThat(client.stats().sessions()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DirectPath.class,
      names = {"GRPC", "GRPC_TLS"})
  void takesGrpcInTheSameAttemptWhereWireIsNotSpokenAndRemembersIt(DirectPath path) {
    try (LinkCore core = core(path);
        Relay relay = new Relay(core.port());
        LinkClient client = connect(path, relay.port(), Duration.ofSeconds(40))) {
      ship(client, "first");
      assertThat(relay.connections()).as("wire, then gRPC").isEqualTo(2);
      assertThat(client.stats().reconnects()).isZero();

      relay.cutAll();
      ship(client, "second");
      assertThat(relay.connections()).as("gRPC alone").isEqualTo(3);
    }
  }

  @Test
  void takesGrpcWhereAProxySwallowsWire() {
    try (LinkCore core = core(DirectPath.GRPC);
        Relay relay = new Relay(core.port())) {
      relay.muteNext();
      try (LinkClient client = connect(DirectPath.GRPC, relay.port(), Duration.ofSeconds(1))) {
        ship(client, "first");

        assertThat(relay.connections()).isGreaterThanOrEqualTo(2);
      }
    }
    assertThat(store.bodies()).containsExactly("first");
  }

  @Test
  void forgetsAfterAWhileOrWhenGrpcFailsToo() {
    ManualClock clock = new ManualClock();
    Ways ways = new Ways(clock);
    assertThat(ways.isGrpcBetter("weir://a:1")).isFalse();

    ways.preferGrpc("weir://a:1");
    assertThat(ways.isGrpcBetter("weir://a:1")).isTrue();
    assertThat(ways.isGrpcBetter("weir://b:1")).isFalse();
    clock.advance(Duration.ofNanos(Ways.MEMORY_NANOS - 1));
    assertThat(ways.isGrpcBetter("weir://a:1")).isTrue();
    clock.advance(Duration.ofNanos(1));
    assertThat(ways.isGrpcBetter("weir://a:1")).isFalse();

    ways.preferGrpc("weir://a:1");
    ways.forget("weir://a:1");
    assertThat(ways.isGrpcBetter("weir://a:1")).isFalse();
  }

  @Test
  void aRedirectKeepsTheSchemeAndNeverLeavesTls() {
    Targets plain = new Targets(List.of(URI.create("wire://a:1")));
    plain.onRedirect("b:2");
    assertThat(plain.next()).isEqualTo(URI.create("wire://b:2"));
    plain.onRedirect("http://b:2");
    assertThat(plain.next()).isEqualTo(URI.create("wire://a:1"));

    Targets secure = new Targets(List.of(URI.create("weirs://a:1")));
    secure.onRedirect("grpc://b:2");
    assertThat(secure.next()).isEqualTo(URI.create("weirs://a:1"));
    secure.onRedirect("grpcs://b:2");
    assertThat(secure.next()).isEqualTo(URI.create("grpcs://b:2"));
  }
}
