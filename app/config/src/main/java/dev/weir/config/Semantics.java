package dev.weir.config;

import dev.weir.base.ByteSize;
import dev.weir.base.ErrorCode;
import dev.weir.config.InputConfig.Endpoint;
import dev.weir.config.InputConfig.FileInput;
import dev.weir.config.InputConfig.HttpInput;
import dev.weir.config.InputConfig.StdinInput;
import dev.weir.config.LoadScope.Role;
import dev.weir.config.schema.KeyPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What settings mean together: each is fine alone, and the pair cannot work.
final class Semantics {
  static final KeyPath LISTEN = KeyPath.of("server.listen");
  static final KeyPath SERVER_OPS = KeyPath.of("server.ops");
  static final KeyPath DATA_DIR = KeyPath.of("server.dataDir");
  static final KeyPath OPS = KeyPath.of("edge.ops");
  static final KeyPath SPOOL_DIR = KeyPath.of("edge.spool.dir");
  static final KeyPath INPUTS = KeyPath.of("edge.inputs");
  private static final KeyPath TO = KeyPath.of("edge.to");
  private static final KeyPath INSECURE_BIND = KeyPath.of("server.insecureBind");

  private final WeirConfig config;
  private final Places places;
  private final Role role;

  Semantics(WeirConfig config, Places places, Role role) {
    this.config = config;
    this.places = places;
    this.role = role;
  }

  void check() {
    List<Listener> listeners = listeners(config, role);
    listeners.forEach(this::requireLoopback);
    requireDistinctPorts(listeners);
    if (role.hasCore()) {
      checkStore();
      new ServingCheck(config, places, role).check();
    }
    if (role.hasEdge()) {
      checkUplink();
      checkInputs();
      checkSpool();
    }
    if (role == Role.ANY) {
      requireDistinctDirectories();
    }
  }

  /// An address that the process will listen on, and the setting that names it.
  ///
  /// @param list the list that holds it, or itself: where an element was refused, the indices of
  ///   the others say nothing
  record Listener(KeyPath path, KeyPath list, Endpoint endpoint) {
    static Listener tcp(KeyPath path, HostPort address) {
      return new Listener(path, path, Endpoint.tcp(address));
    }

    HostPort address() {
      return endpoint.address();
    }

    boolean clashesWith(Listener other) {
      return address().clashesWith(other.address())
          && !Collections.disjoint(endpoint.transports(), other.endpoint.transports());
    }
  }

  static List<Listener> listeners(WeirConfig config, Role role) {
    List<Listener> listeners = new ArrayList<>();
    if (role.hasCore()) {
      listeners.add(Listener.tcp(LISTEN, config.server().listen()));
      if (config.server().role() != ServerRole.ALL) {
        listeners.add(Listener.tcp(SERVER_OPS, config.server().ops()));
      }
    }
    if (role.hasEdge()) {
      listeners.add(Listener.tcp(OPS, config.edge().ops()));
      List<InputConfig> inputs = config.edge().inputs();
      for (int i = 0; i < inputs.size(); i++) {
        KeyPath path = INPUTS.element(i).child("listen");
        inputs
            .get(i)
            .endpoint()
            .ifPresent(endpoint -> listeners.add(new Listener(path, INPUTS, endpoint)));
      }
    }
    return listeners;
  }

  private void requireLoopback(Listener listener) {
    boolean isGuarded = listener.path().equals(LISTEN) && isGuarded();
    if (!config.server().insecureBind() && !isGuarded && !listener.address().isLoopback()) {
      int port = listener.address().port();
      places.error(
          ErrorCode.CONFIG_INSECURE_BIND,
          List.of(listener.path(), listener.list(), INSECURE_BIND),
          listener.path()
              + " is "
              + listener.address()
              + ", which lets in anyone who reaches it, expected a loopback address",
          "listen on 127.0.0.1:"
              + port
              + (listener.path().equals(LISTEN) ? ", set auth.file (weir auth init)" : "")
              + ", or set server.insecureBind: true");
    }
  }

  /// Whether only known clients are let in: those of `auth.file`, with a certificate, or, where
  /// wire alone is served, with a token.
  private boolean isGuarded() {
    return config.server().tls().knowsItsClients()
        || config.auth().file().isPresent()
        || config.server().role() != ServerRole.ALL && config.wire().tokens().isPresent();
  }

  private void requireDistinctPorts(List<Listener> listeners) {
    for (int i = 1; i < listeners.size(); i++) {
      Listener later = listeners.get(i);
      for (Listener earlier : listeners.subList(0, i)) {
        if (later.clashesWith(earlier)) {
          places.error(
              ErrorCode.CONFIG_CONFLICT,
              List.of(later.path(), later.list(), earlier.list()),
              later.path()
                  + " is "
                  + later.address()
                  + ", which clashes with "
                  + earlier.path()
                  + " "
                  + earlier.address(),
              "choose another port for one of them");
          break;
        }
      }
    }
  }

  private void checkStore() {
    StoreConfig store = config.store();
    KeyPath retained = KeyPath.of("store.retention.bytes");
    KeyPath segment = KeyPath.of("store.segmentBytes");
    store
        .retention()
        .bytes()
        .filter(bytes -> bytes.compareTo(store.segmentBytes()) < 0)
        .ifPresent(
            bytes -> tooSmall(retained, bytes, segment, store.segmentBytes(), "whole segments go"));
    ByteSize credit = config.flow().creditBytes();
    ByteSize message = config.server().maxMessage();
    if (credit.compareTo(message) < 0) {
      tooSmall(
          KeyPath.of("flow.creditBytes"),
          credit,
          KeyPath.of("server.maxMessage"),
          message,
          "the largest message would never be allowed");
    }
  }

  private void checkUplink() {
    EdgeConfig edge = config.edge();
    places.requirePair("edge.tls", edge.tls().certificate(), edge.tls().key());
    boolean isUsed = role == Role.EDGE || !edge.inputs().isEmpty();
    if (isUsed && edge.to().isEmpty()) {
      places.error(
          ErrorCode.CONFIG_MISSING_KEY,
          List.of(TO),
          "edge.to is empty, expected the address of at least one core",
          "write `to: [weir://HOST:4750]` below edge, or give --to");
    }
    if (role == Role.EDGE && edge.inputs().isEmpty()) {
      places.error(
          ErrorCode.CONFIG_MISSING_KEY,
          List.of(INPUTS),
          "edge.inputs is empty, expected at least one input",
          "write an input below edge.inputs, or give one such as --tail or --syslog");
    }
    for (int i = 1; i < edge.to().size(); i++) {
      int first = edge.to().indexOf(edge.to().get(i));
      if (first < i) {
        places.error(
            ErrorCode.CONFIG_CONFLICT,
            List.of(TO.element(i), TO),
            TO.element(i) + " is the same address as " + TO.element(first),
            "remove one of the two");
      }
    }
  }

  private void checkInputs() {
    Map<String, KeyPath> pathOfFile = new HashMap<>();
    KeyPath stdin = null;
    List<InputConfig> inputs = config.edge().inputs();
    for (int i = 0; i < inputs.size(); i++) {
      KeyPath at = INPUTS.element(i);
      switch (inputs.get(i)) {
        case FileInput file -> {
          for (int j = 0; j < file.paths().size(); j++) {
            KeyPath here = at.child("paths").element(j);
            KeyPath earlier = pathOfFile.putIfAbsent(file.paths().get(j), here);
            if (earlier != null) {
              duplicateInput(here, earlier, "reads the same files as");
            }
          }
        }
        case StdinInput _ -> {
          if (stdin != null) {
            duplicateInput(at, stdin, "reads standard input like");
          }
          stdin = at;
        }
        // Two that listen on one port are found among the ports.
        case HttpInput _ -> {}
        case SystemInput input -> SystemInputCheck.check(input, at, places);
        case TelemetryInput input -> TelemetryInputCheck.check(input, at, places);
      }
    }
  }

  private void duplicateInput(KeyPath here, KeyPath earlier, String verb) {
    places.error(
        ErrorCode.CONFIG_CONFLICT,
        List.of(here, INPUTS),
        here + " " + verb + " " + earlier + "; every message would be sent twice",
        "remove one of the two");
  }

  private void checkSpool() {
    EdgeConfig edge = config.edge();
    ByteSize batch = edge.batch().bytes();
    KeyPath batchBytes = KeyPath.of("edge.batch.bytes");
    if (edge.window().bytes().compareTo(batch) < 0) {
      tooSmall(
          KeyPath.of("edge.window.bytes"),
          edge.window().bytes(),
          batchBytes,
          batch,
          "a full batch would never be sent");
    }
    if (edge.spool().maxBytes().compareTo(batch) < 0) {
      tooSmall(
          KeyPath.of("edge.spool.maxBytes"),
          edge.spool().maxBytes(),
          batchBytes,
          batch,
          "a full batch would never be stored");
    }
    KeyPath level = KeyPath.of("edge.compression.level");
    if (edge.compression().codec() == EdgeConfig.Codec.NONE && places.isWritten(level)) {
      places.warning(
          List.of(level, KeyPath.of("edge.compression.codec")),
          level + " has no effect, since edge.compression.codec is none",
          "remove the level, or set codec: zstd");
    }
  }

  private void requireDistinctDirectories() {
    Path data = config.server().dataDir().toAbsolutePath().normalize();
    Path spool = config.edge().spool().dir().toAbsolutePath().normalize();
    if (data.startsWith(spool) || spool.startsWith(data)) {
      places.error(
          ErrorCode.CONFIG_CONFLICT,
          List.of(SPOOL_DIR, DATA_DIR),
          "edge.spool.dir "
              + config.edge().spool().dir()
              + (data.equals(spool) ? " is also server.dataDir" : " overlaps with server.dataDir"),
          "give the spool and the core a directory each");
    }
  }

  private void tooSmall(
      KeyPath path, ByteSize value, KeyPath limitPath, ByteSize limit, String consequence) {
    places.error(
        ErrorCode.CONFIG_CONFLICT,
        List.of(path, limitPath),
        path + " is " + value + ", less than " + limitPath + " (" + limit + "): " + consequence,
        "raise " + path + " to at least " + limit + ", or lower " + limitPath);
  }
}
