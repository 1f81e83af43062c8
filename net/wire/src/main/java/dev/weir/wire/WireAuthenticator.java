package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Decides who a client is, before any stream of its is opened.
@FunctionalInterface
public interface WireAuthenticator {
  /// Called on the connection's event loop: it must not block, and may answer later.
  ///
  /// @return the identity; a failure, WeirException UNAUTHENTICATED by custom, closes the
  ///   connection. The client is told that exception's message and nothing of others.
  CompletionStage<WireIdentity> authenticate(WireCredentials credentials);

  /// Lets in who has a certificate that TLS has verified.
  static WireAuthenticator byCertificate() {
    return credentials ->
        credentials.certificates().isEmpty()
            ? refuse("No client certificate was shown.")
            : CompletableFuture.completedStage(
                WireIdentity.of(credentials.certificates().getFirst()));
  }

  /// A refusal.
  static CompletionStage<WireIdentity> refuse(String why) {
    return CompletableFuture.failedStage(new WeirException(ErrorCode.UNAUTHENTICATED, why));
  }
}
