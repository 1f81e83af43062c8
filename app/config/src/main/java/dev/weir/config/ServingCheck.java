package dev.weir.config;

import dev.weir.base.ErrorCode;
import dev.weir.config.LoadScope.Role;
import dev.weir.config.schema.KeyPath;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the settings of buckets, wire and routers mean together.
final class ServingCheck {
  private static final KeyPath STORAGES = KeyPath.of("router.storages");

  /// A slot's owner is one byte of the map.
  private static final int MAX_STORAGES = 255;

  private final WeirConfig config;
  private final Places places;
  private final Role role;

  ServingCheck(WeirConfig config, Places places, Role role) {
    this.config = config;
    this.places = places;
    this.role = role;
  }

  void check() {
    TlsSettings tls = config.server().tls();
    places.requirePair("server.tls", tls.certificate(), tls.key());
    places.requirePair("router", config.router().certificate(), config.router().key());
    checkClients();
    checkValues();
    checkStorages();
  }

  private void checkClients() {
    TlsSettings tls = config.server().tls();
    if (tls.clientCa().isPresent() && !tls.isOn()) {
      places.error(
          ErrorCode.CONFIG_CONFLICT,
          List.of(KeyPath.of("server.tls.clientCa")),
          "server.tls.clientCa is set and server.tls.certificate is not: certificates need TLS",
          "set server.tls.certificate and server.tls.key, too");
    }
    checkAuth();
    if (config.router().certificate().isPresent() && config.router().ca().isEmpty()) {
      places.error(
          ErrorCode.CONFIG_CONFLICT,
          List.of(KeyPath.of("router.certificate")),
          "router.certificate is set and router.ca is not: certificates need TLS",
          "set router.ca to those who sign the storages' certificates");
    }
  }

  private void checkAuth() {
    if (config.auth().file().isEmpty()) {
      return;
    }
    if (config.wire().tokens().isPresent()) {
      places.error(
          ErrorCode.CONFIG_CONFLICT,
          List.of(KeyPath.of("wire.tokens"), KeyPath.of("auth.file")),
          "wire.tokens is set, but with auth.file that file says who is let in, over wire as well",
          "remove wire.tokens; `weir auth token create` makes tokens");
    }
  }

  private void checkValues() {
    KvStoreConfig kv = config.kv();
    if (kv.maxValue().bytes() > kv.segmentBytes().bytes() / 8) {
      places.error(
          ErrorCode.CONFIG_CONFLICT,
          List.of(KeyPath.of("kv.maxValue"), KeyPath.of("kv.segmentBytes")),
          "kv.maxValue is "
              + kv.maxValue()
              + ", more than an eighth of kv.segmentBytes ("
              + kv.segmentBytes()
              + ")",
          "raise kv.segmentBytes, or lower kv.maxValue");
    }
  }

  private void checkStorages() {
    List<RouterConfig.Storage> storages = config.router().storages();
    boolean isRouter = role == Role.CORE && config.server().role() == ServerRole.ROUTER;
    if (isRouter && storages.isEmpty()) {
      places.error(
          ErrorCode.CONFIG_MISSING_KEY,
          List.of(STORAGES),
          "router.storages is empty, expected at least one storage node",
          "write name and address below router.storages, or give --storage NAME=HOST:PORT");
      return;
    }
    if (storages.size() > MAX_STORAGES) {
      places.error(
          ErrorCode.CONFIG_RANGE,
          List.of(STORAGES),
          "router.storages has "
              + storages.size()
              + " nodes, expected "
              + MAX_STORAGES
              + " at most",
          "leave out the others");
      return;
    }
    Map<String, Integer> indexOfName = new HashMap<>();
    for (int i = 0; i < storages.size(); i++) {
      Integer earlier = indexOfName.putIfAbsent(storages.get(i).name(), i);
      if (earlier != null) {
        refuseStorage(i, "has the name of " + STORAGES.element(earlier), "give each its own name");
      }
    }
    checkSlots(storages);
  }

  private void checkSlots(List<RouterConfig.Storage> storages) {
    long withSlots = storages.stream().filter(storage -> storage.slots().isPresent()).count();
    if (withSlots == 0) {
      return;
    }
    int[] owners = new int[SlotRanges.SLOTS];
    Arrays.fill(owners, -1);
    for (int i = 0; i < storages.size(); i++) {
      if (storages.get(i).slots().isEmpty()) {
        refuseStorage(i, "names no slots, while others do", "name the slots of each, or of none");
        return;
      }
      for (SlotRanges.Range range : storages.get(i).slots().get().ranges()) {
        for (int slot = range.first(); slot <= range.last(); slot++) {
          if (owners[slot] >= 0) {
            refuseStorage(
                i,
                "keeps slot " + slot + ", as " + STORAGES.element(owners[slot]) + " does",
                "give each slot to one storage");
            return;
          }
          owners[slot] = i;
        }
      }
    }
    for (int slot = 0; slot < owners.length; slot++) {
      if (owners[slot] < 0) {
        places.error(
            ErrorCode.CONFIG_CONFLICT,
            List.of(STORAGES),
            "slot " + slot + " is kept by no storage",
            "give each of the slots 0 to " + (SlotRanges.SLOTS - 1) + " to one storage");
        return;
      }
    }
  }

  private void refuseStorage(int index, String what, String fix) {
    places.error(
        ErrorCode.CONFIG_CONFLICT,
        List.of(STORAGES.element(index), STORAGES),
        STORAGES.element(index) + " " + what,
        fix);
  }
}
