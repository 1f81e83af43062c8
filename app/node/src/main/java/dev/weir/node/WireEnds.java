package dev.weir.node;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.config.HostPort;
import dev.weir.config.WireSettings;
import dev.weir.wire.Transport;
import dev.weir.wire.WireAuthenticator;
import dev.weir.wire.WireCompression;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLease;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireSecurity;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What the nodes that speak wire have in common.
final class WireEnds {
  /// One loop passes on more than a million small frames a second; two keep a large message of one
  /// client from the others' way.
  private static final int LOOPS = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 8);

  /// Clients go elsewhere within this; a process manager kills after ten seconds.
  static final Duration DRAIN = Duration.ofSeconds(3);

  private WireEnds() {}

  /// @throws WeirException CONFIG_INVALID when the host is not known
  static InetSocketAddress resolved(HostPort listen) {
    InetSocketAddress address = new InetSocketAddress(listen.host(), listen.port());
    if (address.isUnresolved()) {
      throw new WeirException(
          ErrorCode.CONFIG_INVALID, "The host '" + listen.host() + "' is not known.");
    }
    return address;
  }

  /// Event loops, which spin if that is configured.
  static WireLoops loops(String name, WireSettings wire) {
    return WireLoops.start(name, LOOPS, Transport.best(), wire.spin());
  }

  /// A context that offers what is configured, and allows as many calls.
  static WireContext offering(WireContext context, WireSettings wire) {
    WireContext leasing =
        wire.lease().calls() == 0
            ? context
            : context.with(
                context.limits().with(new WireLease(wire.lease().calls(), wire.lease().period())));
    WireContext checked = wire.checksum() ? leasing.withCrc() : leasing;
    return wire.compression() ? checked.with(new WireCompression()) : checked;
  }

  /// As it is, or with those whom a guard lets in.
  static WireSecurity guarded(WireSecurity security, @Nullable WireGuard guard) {
    return guard == null ? security : security.with((WireAuthenticator) guard);
  }

  /// Waits until the clients are gone, or their time is over.
  static void drained(CompletionStage<Void> drain) {
    try {
      drain.toCompletableFuture().get(DRAIN.toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException _) {
      // What is left is closed.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Who may come, for people.
  ///
  /// @param isAuth whether `auth.file` says so
  static String describe(WireSetup setup, boolean isAuth) {
    String transport = setup.keyFiles().isEmpty() ? "plain" : "TLS";
    boolean isOpen = setup.security().authenticator() == null && !isAuth;
    return transport + (isOpen ? ", anyone" : ", known clients");
  }
}
