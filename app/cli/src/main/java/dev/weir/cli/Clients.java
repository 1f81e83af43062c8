package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.ClientConfig;
import dev.weir.client.PublisherOptions;
import dev.weir.client.StateListener;
import dev.weir.client.WeirClient;
import dev.weir.link.LinkTls;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/// Connects the commands that talk to a core.
final class Clients {
  private Clients() {}

  static WeirClient connect(ServerOptions server) {
    return WeirClient.connect(
        server.authorized(
            new ClientConfig(
                server.servers(),
                "weir-cli",
                server.timeout,
                publisherOptions(server),
                StateListener.NONE,
                server.pemFiles().map(LinkTls::new).orElse(LinkTls.STANDARD),
                Optional.empty())));
  }

  /// The largest message that any core takes; the core's own limit decides.
  static PublisherOptions publisherOptions(ServerOptions server) {
    return PublisherOptions.DEFAULT.withMaxBody(ByteSize.ofMebibytes(16)).withDrain(server.timeout);
  }

  /// The typed fault behind a failed future.
  static WeirException cause(Throwable fault) {
    Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
    return cause instanceof WeirException known
        ? known
        : new WeirException(ErrorCode.BUG, String.valueOf(cause), fault);
  }
}
