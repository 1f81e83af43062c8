package dev.weir.node;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.kv.KvClient;
import dev.weir.node.NodeRig.Listening;
import dev.weir.node.NodeRig.Role;
import dev.weir.wire.Agreement;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.Transport;
import dev.weir.wire.WireCompression;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireFeatures;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireSecurity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the keys of `wire` come to on running nodes.
@Timeout(60)
final class NodeFeaturesTest {
  private static final Bytes KEY = Bytes.utf8("key");
  private static final Bytes VALUE = Bytes.utf8("value ".repeat(1_000));
  private static final WireContext EVERYTHING =
      WireContext.of("test")
          .withCrc()
          .with(new WireCompression())
          .with(WireSecurity.NONE.withToken(Guests.GOOD::text));

  @TempDir Path directory;

  private final WireLoops loops = WireLoops.start("test", 1, Transport.best());
  private NodeRig nodes;

  @BeforeEach
  void start() throws IOException {
    nodes = new NodeRig(directory);
  }

  @AfterEach
  void stop() {
    loops.close();
    nodes.close();
  }

  private long agreed(InetSocketAddress address) throws Exception {
    CompletableFuture<Long> features = new CompletableFuture<>();
    var _ =
        new WireConnector(loops, EVERYTHING)
            .connect(
                address,
                new ConnectionHandler() {
                  @Override
                  public void onAgreed(WireConnection connection, Agreement agreement) {
                    features.complete(agreement.features());
                  }
                });
    return features.get(20, TimeUnit.SECONDS);
  }

  private static InetSocketAddress address(Listening node) {
    return new InetSocketAddress(node.address().host(), node.address().port());
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void offersNothingUnlessItIsTold(Role role) throws Exception {
    assertThat(agreed(address(nodes.start(role, nodes.withAuth(Map.of()))))).isZero();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void offersChecksums(Role role) throws Exception {
    Listening node = nodes.start(role, nodes.withAuth(Map.of("wire.checksum", "true")));

    assertThat(agreed(address(node))).isEqualTo(WireFeatures.CRC);
    assertStores(node);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void offersCompression(Role role) throws Exception {
    Listening node = nodes.start(role, nodes.withAuth(Map.of("wire.compression", "true")));

    assertThat(agreed(address(node))).isEqualTo(WireFeatures.ZSTD);
    assertStores(node);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void servesOnLoopsThatSpin(Role role) throws Exception {
    assertStores(nodes.start(role, nodes.withAuth(Map.of("wire.spinMicros", "200"))));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void givesLeases(Role role) throws Exception {
    Map<String, String> settings = Map.of("wire.lease.calls", "5", "wire.lease.period", "100ms");
    Listening node = nodes.start(role, nodes.withAuth(settings));

    assertThat(agreed(address(node))).isEqualTo(WireFeatures.LEASE);
    assertStores(node);
    eventually(
        "they are counted",
        () -> {
          String page = NodeRig.metrics(node);
          return page.contains("weir_wire_lease_refusals_total 0.0")
              && !page.contains("weir_wire_leases_total 0.0");
        });
  }

  private void assertStores(Listening node) throws Exception {
    KvClient client =
        new KvClient(new WireConnector(loops, EVERYTHING), address(node), Duration.ofSeconds(20));
    for (int i = 0; i < 20; i++) {
      client.put("a", KEY, VALUE).get(20, TimeUnit.SECONDS);
    }

    assertThat(client.get("a", KEY, 0).get(20, TimeUnit.SECONDS).orElseThrow().value())
        .isEqualTo(VALUE);
    client.close();
  }
}
