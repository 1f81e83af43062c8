package dev.weir.config;

import dev.weir.base.ErrorCode;
import dev.weir.config.InputConfig.Transport;
import dev.weir.config.LoadScope.Role;
import dev.weir.config.schema.KeyPath;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether this machine can run a configuration now: directories that can be written, ports that
/// are free. It leaves nothing behind; what it finds may have changed a moment later.
final class MachineCheck {
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
    Semantics.listeners(config, role).forEach(this::requireFree);
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
