package dev.weir.node;

import static dev.weir.node.TestRoles.get;
import static dev.weir.node.TestRoles.routes;
import static dev.weir.testkit.Eventually.eventuallyPasses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.config.HostPort;
import dev.weir.kv.BlockingKv;
import dev.weir.testkit.TestKeys;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What routers and storage nodes say of each other in `/status` and `/metrics`.
@Timeout(60)
final class NodeStatusTest {
  @TempDir Path directory;

  private TestRoles roles = new TestRoles(Path.of(""));

  @BeforeEach
  void setUp() {
    roles = new TestRoles(directory);
  }

  @AfterEach
  void close() {
    roles.close();
  }

  private static void says(HostPort ops, String path, String... texts) {
    eventuallyPasses(ops + path + " says so", () -> assertThat(get(ops, path, "")).contains(texts));
  }

  @Test
  void routerAndStorageNodesShowEachOther() {
    KvNode first = roles.storage(Map.of());
    KvNode second = roles.storage(Map.of());
    RouterNode router = roles.router(routes("r1", 1, first, second));

    says(
        router.opsAddress(),
        "/status",
        "\"role\":\"router\",\"name\":\"r1\",\"mapVersion\":1",
        "\"id\":\"n0\",\"address\":\"" + first.address() + "\"",
        "\"state\":\"serving\",\"slots\":8192",
        "\"mapRouter\":\"r1\"");
    says(
        router.opsAddress(),
        "/metrics",
        "weir_router_nodes_state{state=\"serving\"} 2.0",
        "weir_router_nodes_state{state=\"silent\"} 0.0",
        "weir_router_map_disputes 0.0");
    says(
        second.opsAddress(),
        "/status",
        "\"role\":\"storage\"",
        "\"map\":{\"router\":\"r1\",\"mapVersion\":1",
        "\"node\":\"n1\",\"slots\":8192",
        "\"routers\":[{\"router\":\"r1\"");
    says(
        second.opsAddress(),
        "/metrics",
        "weir_kv_routers 1.0",
        "weir_kv_routers_differing 0.0",
        "weir_kv_slots 8192.0",
        "weir_kv_moved_total 0.0");
  }

  @Test
  void bothEndsShowThatRoutersGoByDifferentMaps() {
    KvNode storage = roles.storage(Map.of());
    RouterNode old = roles.router(routes("old", 1, storage));
    roles.router(routes("newer", 2, storage));

    says(
        storage.opsAddress(),
        "/status",
        "\"differing\":1",
        "\"router\":\"old\",\"mapVersion\":1",
        "\"router\":\"newer\",\"mapVersion\":2");
    says(storage.opsAddress(), "/metrics", "weir_kv_routers 2.0", "weir_kv_routers_differing 1.0");
    says(
        old.opsAddress(),
        "/status",
        "\"newestMapVersion\":2",
        "\"dispute\":\"router newer goes by version 2");
    says(
        old.opsAddress(),
        "/metrics",
        "weir_router_map_newest_version 2.0",
        "weir_router_map_disputes 1.0");
  }

  @Test
  void aReloadedMapIsAnnounced() {
    KvNode storage = roles.storage(Map.of());
    RouterNode router = roles.router(routes("r1", 1, storage));
    says(storage.opsAddress(), "/status", "\"mapVersion\":1");

    String told = router.reconfigure(roles.config("router", routes("r1", 5, storage)));

    assertThat(told).contains("map version 5");
    says(storage.opsAddress(), "/status", "\"map\":{\"router\":\"r1\",\"mapVersion\":5");
  }

  @Test
  void aStorageNodeThatEndedIsShownAndComesBack() throws Exception {
    KvNode storage = roles.storage("kept", Map.of());
    RouterNode router = roles.router(routes("r1", 1, storage));
    says(router.opsAddress(), "/status", "\"state\":\"serving\"");

    storage.close();

    says(router.opsAddress(), "/status", "\"state\":\"silent\"");
    KvNode back = roles.storage("kept", Map.of("server.listen", storage.address().toString()));
    says(router.opsAddress(), "/status", "\"state\":\"serving\"");
    try (WireClients clients = new WireClients()) {
      BlockingKv kv = clients.blocking(router.address(), "");
      kv.put("b", Bytes.utf8("key"), Bytes.utf8("value"));
    }
    says(back.opsAddress(), "/status", "\"routers\":[{\"router\":\"r1\"");
  }

  @Test
  void theTalkIsEncryptedWhereTheStorageNodeIs() {
    Path authority = TestKeys.writeAuthority(directory, "ca");
    TestKeys.PemPair pair = TestKeys.write(directory, "server");
    KvNode storage =
        roles.storage(
            Map.of(
                "server.tls.certificate", pair.certificate().toString(),
                "server.tls.key", pair.key().toString()));
    Map<String, String> trusting = new HashMap<>(routes("r1", 1, storage));
    trusting.put("router.ca", authority.toString());

    RouterNode plain = roles.router(routes("plain", 1, storage));
    RouterNode router = roles.router(trusting);

    says(router.opsAddress(), "/status", "\"state\":\"serving\"");
    says(plain.opsAddress(), "/status", "\"state\":\"silent\"");
    says(storage.opsAddress(), "/status", "\"router\":\"r1\"");
    assertThat(get(storage.opsAddress(), "/status", "")).doesNotContain("plain");
  }
}
