package dev.weir.edge.source.socket;

import dev.weir.base.WeirException;
import dev.weir.tls.PemFiles;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// The server's side of TLS 1.2 and 1.3 (RFC 5425 for syslog), from PEM files read once. Any thread
/// may use it.
public final class TlsServer {
  /// Handshakes take three round trips at most; a peer that opens connections and says nothing must
  /// not hold them.
  private static final int HANDSHAKE_MILLIS = 10_000;

  private final PemFiles files;
  private final boolean isClientAsked;

  private TlsServer(PemFiles files, boolean isClientAsked) {
    this.files = files;
    this.isClientAsked = isClientAsked;
  }

  /// @param certificate the server's chain, its own first
  /// @param key its private key, PKCS#8 without a password
  /// @param clientCa who signs the certificates of clients; empty when clients need none
  /// @throws WeirException with CONFIG_ENVIRONMENT when a file cannot be read or used, naming it
  public static TlsServer of(Path certificate, Path key, Optional<Path> clientCa) {
    return new TlsServer(
        new PemFiles(certificate, key, clientCa.orElse(null)), clientCa.isPresent());
  }

  /// Performs the handshake, within ten seconds.
  ///
  /// @throws IOException when the peer does not speak TLS or has no certificate that is accepted
  Socket secure(Socket plain) throws IOException {
    plain.setSoTimeout(HANDSHAKE_MILLIS);
    SSLSocket socket =
        (SSLSocket)
            files
                .get()
                .getSocketFactory()
                .createSocket(
                    plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
    socket.setUseClientMode(false);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    parameters.setNeedClientAuth(isClientAsked);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }
}
