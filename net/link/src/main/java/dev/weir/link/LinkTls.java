package dev.weir.link;

import dev.weir.wire.WireTls;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// TLS 1.3 of a link, the same for gRPC (ALPN `h2`) and wire (ALPN `weir/1`), by the JDK's
/// provider. A client verifies that the certificate names the host that it connects to.
///
/// @param contexts keys and trust, asked for each connection. Any thread.
public record LinkTls(Supplier<SSLContext> contexts) {
  /// What the JDK trusts, and no certificate of one's own.
  public static final LinkTls STANDARD = new LinkTls(LinkTls::ofTheJdk);

  private static SSLContext ofTheJdk() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK has no TLS", e);
    }
  }

  SslContext grpcClient() {
    return grpc(true);
  }

  /// For a gRPC server that asks for no certificates.
  public SslContext grpcServer() {
    return grpc(false);
  }

  private SslContext grpc(boolean isClient) {
    ApplicationProtocolConfig alpn =
        new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            List.of("h2"));
    return new JdkSslContext(
        contexts.get(),
        isClient,
        null,
        IdentityCipherSuiteFilter.INSTANCE,
        alpn,
        ClientAuth.NONE,
        new String[] {"TLSv1.3"},
        false);
  }

  WireTls wireClient() {
    return WireTls.client(contexts);
  }

  /// For a server of wire that asks for no certificates.
  public WireTls wireServer() {
    return WireTls.server(contexts, WireTls.ClientCertificates.NONE);
  }
}
