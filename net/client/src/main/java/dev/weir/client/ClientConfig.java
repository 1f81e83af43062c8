package dev.weir.client;

import dev.weir.base.Checks;
import dev.weir.link.LinkScheme;
import dev.weir.link.LinkTls;
import dev.weir.message.BatchSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Whom to talk to.
///
/// @param targets in order of preference, 1 to 16: `weir://host:port`, or another scheme of
///   [LinkScheme] for what is published
/// @param name who publishes, for people and logs, 1 to 85 characters
/// @param connect how long [WeirClient#connect] waits for one of them, 1 ms to 1 h
/// @param publisher options of [WeirClient#publish]
/// @param states hears of changes
/// @param tls for the targets that ask for it
/// @param authorization what each call shows, asked at each: `Bearer TOKEN`; none for nothing
public record ClientConfig(
    List<URI> targets,
    String name,
    Duration connect,
    PublisherOptions publisher,
    StateListener states,
    LinkTls tls,
    Optional<Supplier<String>> authorization) {
  public static final int DEFAULT_PORT = 4750;

  public ClientConfig {
    targets = targets.stream().map(ClientConfig::target).toList();
    Checks.range("targets", targets.size(), 1, 16);
    Checks.argument(!name.isBlank(), "name is empty");
    Checks.range("name length", name.length(), 1, BatchSource.MAX_AGENT_BYTES / 3);
    Checks.range("connect milliseconds", connect.toMillis(), 1, 3_600_000);
  }

  public static ClientConfig of(URI... targets) {
    return new ClientConfig(
        List.of(targets),
        "client",
        Duration.ofSeconds(5),
        PublisherOptions.DEFAULT,
        StateListener.NONE,
        LinkTls.STANDARD,
        Optional.empty());
  }

  private static URI target(URI uri) {
    if (LinkScheme.of(uri).isEmpty()) {
      throw new IllegalArgumentException(
          "'" + uri + "' is no target, expected weir://host:port, wire:// or grpc://");
    }
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    return URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + port);
  }

  public ClientConfig withName(String newName) {
    return new ClientConfig(targets, newName, connect, publisher, states, tls, authorization);
  }

  public ClientConfig withConnect(Duration time) {
    return new ClientConfig(targets, name, time, publisher, states, tls, authorization);
  }

  public ClientConfig withPublisher(PublisherOptions options) {
    return new ClientConfig(targets, name, connect, options, states, tls, authorization);
  }

  public ClientConfig withStates(StateListener listener) {
    return new ClientConfig(targets, name, connect, publisher, listener, tls, authorization);
  }

  /// For targets that ask for TLS.
  public ClientConfig withTls(LinkTls other) {
    return new ClientConfig(targets, name, connect, publisher, states, other, authorization);
  }

  /// Shows a token, asked for at each call, so that it may be renewed.
  public ClientConfig withToken(Supplier<String> token) {
    return new ClientConfig(
        targets, name, connect, publisher, states, tls, Optional.of(() -> "Bearer " + token.get()));
  }
}
