package dev.weir.gateway.port;

import io.netty.handler.ssl.SslHandler;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// The server's side of TLS handshakes.
///
/// The key's operation of a handshake, about a millisecond of RSA, runs on virtual threads, so that
/// those who come do not hold up those who are there.
final class TlsDoor {
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  /// Of TLS 1.2 what has forward secrecy and authenticates what it encrypts: the others are
  /// forbidden under HTTP/2 (RFC 9113 §9.2.2). Those of 1.3 all have both.
  private static final Pattern SUITES =
      Pattern.compile("TLS_(AES|CHACHA20)_.*|TLS_ECDHE_(ECDSA|RSA)_WITH_(AES_.*_GCM|CHACHA20)_.*");

  private final PortTls tls;
  private final String[] protocols;
  private final ExecutorService handshakes =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-port-tls-", 0).factory());

  /// @param offered in order of preference
  TlsDoor(PortTls tls, Protocol... offered) {
    this.tls = tls;
    this.protocols = Arrays.stream(offered).map(TlsDoor::name).toArray(String[]::new);
  }

  PortTls.Plain plain() {
    return tls.plain();
  }

  /// A handler for one connection. Its time is the arrival's.
  SslHandler open() {
    SSLEngine engine = tls.contexts().get().createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(VERSIONS);
    parameters.setCipherSuites(
        Arrays.stream(engine.getSupportedCipherSuites())
            .filter(name -> SUITES.matcher(name).matches())
            .toArray(String[]::new));
    parameters.setUseCipherSuitesOrder(true);
    parameters.setApplicationProtocols(protocols);
    switch (tls.clients()) {
      case NONE -> {}
      case WANTED -> parameters.setWantClientAuth(true);
      case NEEDED -> parameters.setNeedClientAuth(true);
    }
    engine.setSSLParameters(parameters);
    SslHandler handler = new SslHandler(engine, handshakes);
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }

  /// Why a handshake failed: for the client's certificate, or for anything else.
  static Refusal refusal(@Nullable Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      String text = String.valueOf(at.getMessage());
      // What the JDK says of a client that sends no certificate though it must.
      if (at instanceof CertificateException || text.contains("Empty client certificate chain")) {
        return Refusal.CLIENT_CERTIFICATE;
      }
    }
    return Refusal.TLS_FAILED;
  }

  private static String name(Protocol protocol) {
    return switch (protocol) {
      case WIRE -> "weir/1";
      case HTTP1 -> "http/1.1";
      case GRPC -> "h2";
    };
  }

  /// Which protocol a client named in ALPN; null when it named none.
  static @Nullable Protocol named(SslHandler handler) {
    String name = handler.engine().getApplicationProtocol();
    return Arrays.stream(Protocol.values())
        .filter(protocol -> name(protocol).equals(name))
        .findFirst()
        .orElse(null);
  }

  /// The client's verified certificates, its own first; empty when it has shown none.
  static List<X509Certificate> certificates(SslHandler handler) {
    try {
      return Arrays.stream(handler.engine().getSession().getPeerCertificates())
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException _) {
      return List.of();
    }
  }

  void close() {
    handshakes.shutdownNow();
  }
}
