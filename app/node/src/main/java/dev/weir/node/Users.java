package dev.weir.node;

import dev.weir.auth.AccessControl;
import dev.weir.auth.Action;
import dev.weir.auth.AuditLog;
import dev.weir.auth.AuditTrail;
import dev.weir.auth.AuthBook;
import dev.weir.auth.Credentials;
import dev.weir.auth.Origin;
import dev.weir.auth.Session;
import dev.weir.auth.guard.AuthorizedBroker;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.config.AuthConfig;
import dev.weir.gateway.port.OpsAnswer;
import dev.weir.gateway.port.OpsRequest;
import dev.weir.gateway.port.OpsRoute;
import dev.weir.gateway.port.Peer;
import dev.weir.node.auth.AuthFile;
import dev.weir.node.auth.AuthWatch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Those of `auth.yaml`, at a node of any role: the file as it is now, and the audit. Any thread.
final class Users implements AutoCloseable {
  private final AccessControl access;
  private final AuthWatch watch;
  private final @Nullable AuditLog audit;

  private Users(AccessControl access, AuthWatch watch, @Nullable AuditLog audit) {
    this.access = access;
    this.watch = watch;
    this.audit = audit;
  }

  /// @return none without `auth.file`
  /// @throws WeirException with CONFIG_INVALID, or CONFIG_ENVIRONMENT when a file cannot be used
  static Optional<Users> open(AuthConfig config, Clock clock) {
    if (config.file().isEmpty()) {
      return Optional.empty();
    }
    try {
      AuthFile file = new AuthFile(config.file().get());
      AuthBook book = file.load();
      AuditLog audit =
          config.audit().isPresent()
              ? new AuditLog(config.audit().get(), config.auditBytes().bytes(), config.auditFiles())
              : null;
      AuditTrail trail = audit == null ? AuditTrail.NONE : audit;
      AccessControl access = new AccessControl(book, trail, clock);
      return Optional.of(new Users(access, new AuthWatch(file, access::replace), audit));
    } catch (IOException e) {
      throw new WeirException(
          ErrorCode.CONFIG_ENVIRONMENT, "auth.file or auth.audit cannot be used: " + e + ".", e);
    }
  }

  AccessControl access() {
    return access;
  }

  /// For people.
  String introduction() {
    return access.book().users().size() + " users, permissions by auth.file";
  }

  /// Operations for who may see figures; whether the node lives and is ready, for everybody.
  Map<String, OpsRoute> guarding(Map<String, OpsRoute> routes) {
    Map<String, OpsRoute> guarded = new TreeMap<>();
    routes.forEach((path, route) -> guarded.put(path, guarding(path, route)));
    return guarded;
  }

  private OpsRoute guarding(String path, OpsRoute route) {
    boolean isHealth = path.equals("/livez") || path.equals("/readyz");
    return request -> {
      if (isHealth && !request.isVerbose()) {
        return route.answer(request);
      }
      try (Session session = open(request)) {
        session.require(Action.MANAGE, AuthorizedBroker.STATS);
        return route.answer(request);
      } catch (WeirException e) {
        return OpsAnswer.refusal(e);
      }
    };
  }

  private Session open(OpsRequest request) {
    Peer peer = request.peer();
    Credentials shown =
        Credentials.ofHeader(request.authorization())
            .or(peer == null ? List.of() : peer.certificates());
    Origin origin = Origin.of("http", peer == null ? null : peer.address());
    try {
      return access.open(shown, origin).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw AccessControl.known(e);
    }
  }

  /// Idempotent, never throws.
  @Override
  public void close() {
    watch.close();
    access.close();
    if (audit != null) {
      audit.close();
    }
  }
}
