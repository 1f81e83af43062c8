package dev.weir.config;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.config.InputConfig.Transport;
import dev.weir.config.LoadScope.Role;
import dev.weir.config.schema.KeyPath;
import dev.weir.tls.PemFiles;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether this machine can run a configuration now: directories that can be written, ports that
/// are free. It leaves nothing behind; what it finds may have changed a moment later.
final class MachineCheck {
  /// As a running server warns.
  private static final int WARN_DAYS = 14;

  private final WeirConfig config;
  private final Places places;
  private final Role role;

  MachineCheck(WeirConfig config, Places places, Role role) {
    this.config = config;
    this.places = places;
    this.role = role;
  }

  void check() {
    if (role.hasCore()) {
      requireWritable(Semantics.DATA_DIR, config.server().dataDir());
    }
    if (role.hasEdge()) {
      requireWritable(Semantics.SPOOL_DIR, config.edge().spool().dir());
    }
    if (role.hasCore() && config.server().tls().isOn()) {
      requireKeys(config.server().tls());
    }
    Semantics.listeners(config, role).forEach(this::requireFree);
  }

  /// Whether the key files fit together, and how long they will do.
  private void requireKeys(TlsSettings tls) {
    KeyPath path = KeyPath.of("server.tls.certificate");
    try {
      PemFiles files =
          new PemFiles(
              tls.certificate().orElseThrow(),
              tls.key().orElseThrow(),
              tls.clientCa().orElse(null));
      Instant end = files.certificate().orElseThrow().getNotAfter().toInstant();
      if (end.isBefore(Instant.now().plus(WARN_DAYS, ChronoUnit.DAYS))) {
        places.warning(
            List.of(path),
            path + " ends on " + end + ": clients refuse it from then on",
            "replace the file; a running server reads it by itself");
      }
    } catch (WeirException e) {
      places.error(
          ErrorCode.CONFIG_ENVIRONMENT,
          List.of(path),
          String.valueOf(e.getMessage()),
          "name the PEM files of one certificate and its key");
    }
  }

  private void requireWritable(KeyPath path, Path directory) {
    Path existing = nearestExisting(directory.toAbsolutePath().normalize());
    String problem =
        existing == null || !Files.isDirectory(existing)
            ? " cannot become a directory: " + existing + " is a file"
            : " cannot be written by this user";
    boolean isWritable =
        existing != null && Files.isDirectory(existing) && Files.isWritable(existing);
    if (!isWritable) {
      places.error(
          ErrorCode.CONFIG_ENVIRONMENT,
          List.of(path),
          path + " " + directory + problem,
          "choose another directory, or correct its owner and permissions");
    }
  }

  private static @Nullable Path nearestExisting(Path directory) {
    Path path = directory;
    while (path != null && Files.notExists(path)) {
      path = path.getParent();
    }
    return path;
  }

  private void requireFree(Semantics.Listener listener) {
    HostPort address = listener.address();
    if (address.port() == 0) {
      return;
    }
    try {
      InetSocketAddress local =
          new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
      for (Transport transport : listener.endpoint().transports()) {
        bindOnce(transport, local);
      }
    } catch (UnknownHostException _) {
      refuse(listener, "the name cannot be resolved", "write an address of this machine");
    } catch (IOException e) {
      refuse(
          listener,
          "cannot be listened on (" + e.getMessage() + ")",
          "stop the process that uses it, or choose another address");
    }
  }

  private static void bindOnce(Transport transport, InetSocketAddress local) throws IOException {
    switch (transport) {
      case TCP -> {
        try (ServerSocket socket = new ServerSocket()) {
          socket.setReuseAddress(true);
          socket.bind(local, 1);
        }
      }
      case UDP -> new DatagramSocket(local).close();
    }
  }

  private void refuse(Semantics.Listener listener, String problem, String fix) {
    places.error(
        ErrorCode.CONFIG_ENVIRONMENT,
        List.of(listener.path(), listener.list()),
        listener.path() + " " + listener.address() + ": " + problem,
        fix);
  }
}
