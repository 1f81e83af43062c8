package dev.weir.gateway.port;

import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// TLS 1.2 and 1.3 on the port, by the JDK's provider.
///
/// @param contexts keys and trust, asked for each connection: a supplier that gives newer ones
///   replaces certificates without dropping a connection. Any thread.
/// @param clients what is asked of clients
/// @param plain who may come without TLS all the same
public record PortTls(Supplier<SSLContext> contexts, ClientCertificates clients, Plain plain) {
  /// What is asked of clients.
  public enum ClientCertificates {
    /// None is asked for.
    NONE,
    /// One is asked for; clients without are let in.
    WANTED,
    /// Nobody comes in without one.
    NEEDED
  }

  /// Who may come without TLS.
  public enum Plain {
    /// Nobody.
    REFUSED,
    /// Who connects from this machine, by the address of the socket or of a PROXY header.
    LOOPBACK,
    /// Everyone.
    EVERYONE
  }

  /// Asks for no certificate and takes nothing plain.
  public static PortTls of(Supplier<SSLContext> contexts) {
    return new PortTls(contexts, ClientCertificates.NONE, Plain.REFUSED);
  }

  public PortTls with(ClientCertificates other) {
    return new PortTls(contexts, other, plain);
  }

  public PortTls with(Plain other) {
    return new PortTls(contexts, clients, other);
  }
}
