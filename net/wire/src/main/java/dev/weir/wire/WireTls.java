package dev.weir.wire;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// TLS 1.3 under the protocol, by the JDK's provider, told from other protocols on the same port by
/// ALPN `weir/1`.
///
/// @param contexts keys and trust, asked for each connection: a supplier that gives newer ones
///   replaces certificates without dropping a connection. Any thread.
/// @param clientCertificates what a server asks of its clients
/// @param verifiesHost whether a client wants the server's certificate to name the host that it
///   connects to
public record WireTls(
    Supplier<SSLContext> contexts, ClientCertificates clientCertificates, boolean verifiesHost) {
  /// The name of the protocol in ALPN.
  public static final String PROTOCOL = "weir/1";

  /// What a server asks of its clients.
  public enum ClientCertificates {
    /// None is asked for.
    NONE,
    /// One is asked for; clients without are let in, to show a token perhaps.
    WANTED,
    /// Nobody comes in without one.
    NEEDED
  }

  /// For a server.
  public static WireTls server(Supplier<SSLContext> contexts, ClientCertificates wanted) {
    return new WireTls(contexts, wanted, false);
  }

  /// For a client that verifies its server's host name.
  public static WireTls client(Supplier<SSLContext> contexts) {
    return new WireTls(contexts, ClientCertificates.NONE, true);
  }

  SslHandler serverHandler(Duration timeout) {
    SSLEngine engine = contexts.get().createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = parameters(engine);
    switch (clientCertificates) {
      case NONE -> {}
      case WANTED -> parameters.setWantClientAuth(true);
      case NEEDED -> parameters.setNeedClientAuth(true);
    }
    engine.setSSLParameters(parameters);
    return handler(engine, timeout);
  }

  SslHandler clientHandler(SocketAddress server, Duration timeout) {
    SSLEngine engine =
        server instanceof InetSocketAddress inet
            ? contexts.get().createSSLEngine(inet.getHostString(), inet.getPort())
            : contexts.get().createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = parameters(engine);
    if (verifiesHost) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    engine.setSSLParameters(parameters);
    return handler(engine, timeout);
  }

  private static SSLParameters parameters(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    parameters.setApplicationProtocols(new String[] {PROTOCOL});
    return parameters;
  }

  private static SslHandler handler(SSLEngine engine, Duration timeout) {
    SslHandler handler = new SslHandler(engine);
    handler.setHandshakeTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    return handler;
  }

  /// The TLS of a channel; null when it has none.
  static @Nullable SslHandler of(Channel channel) {
    return channel.pipeline().get(SslHandler.class);
  }

  /// The verified certificates of a channel's peer, its own first; empty when it has shown none.
  static List<X509Certificate> peerCertificates(Channel channel) {
    SslHandler tls = of(channel);
    if (tls == null) {
      return List.of();
    }
    try {
      return java.util.Arrays.stream(tls.engine().getSession().getPeerCertificates())
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException e) {
      return List.of(); // It has shown none.
    }
  }
}
