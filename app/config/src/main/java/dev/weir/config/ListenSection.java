package dev.weir.config;

import dev.weir.config.TlsSettings.Clients;
import dev.weir.config.TlsSettings.Plain;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Values;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The keys of `server` that keep strangers away from what it listens on.
final class ListenSection {
  private static final Key<Optional<Path>> CERTIFICATE =
      Key.of("certificate", WireSection.optionalFile())
          .defaults(Values.NONE)
          .about(
              "The server's certificate chain, PEM; with it TLS is spoken. Read anew by itself.");
  private static final Key<Optional<Path>> KEY =
      Key.of("key", WireSection.optionalFile())
          .defaults(Values.NONE)
          .about("Its private key, PEM in PKCS#8 without a password. Read anew by itself.");
  private static final Key<Optional<Path>> CLIENT_CA =
      Key.of("clientCa", WireSection.optionalFile())
          .defaults(Values.NONE)
          .about("Who signs the certificates that clients are asked for, PEM.");
  private static final Key<Clients> CLIENTS =
      Key.of("clients", Values.choice(List.of(Clients.values())))
          .defaults("required")
          .about("Whether clients must have such a certificate, or may come without.");
  private static final Key<Plain> PLAIN =
      Key.of("plain", Values.choice(List.of(Plain.values())))
          .defaults("refused")
          .about("Who may come without TLS all the same: nobody, this machine, everyone.");

  static final Key<TlsSettings> TLS =
      Key.of(
          "tls",
          new Section<>(
              "TLS of what is listened on.",
              List.of(CERTIFICATE, KEY, CLIENT_CA, CLIENTS, PLAIN),
              bound ->
                  new TlsSettings(
                      bound.get(CERTIFICATE),
                      bound.get(KEY),
                      bound.get(CLIENT_CA),
                      bound.get(CLIENTS),
                      bound.get(PLAIN))));

  static final Key<List<AddressRange>> PROXIES =
      Key.of("proxies", new ListOf<>(AddressValues.addressRange(), 0))
          .about(
              "Proxies whose connections begin with a PROXY header (version 2); no other may have"
                  + " one.");

  private static final Key<Integer> CONNECTIONS =
      Key.of("connections", Values.integer("", 1, 1_000_000))
          .defaults("10000")
          .about("Connections open at once; more are closed and counted.");
  private static final Key<Integer> PER_ADDRESS =
      Key.of("connectionsPerAddress", Values.integer("", 1, 1_000_000))
          .defaults("5000")
          .about("Of them from one IPv4 address or IPv6 /64.");
  private static final Key<Integer> PER_SECOND =
      Key.of("connectionsPerSecond", Values.integer("", 1, 1_000_000))
          .defaults("1000")
          .about("How often one such address may connect, after as many at once.");
  private static final Key<Duration> HANDSHAKE =
      Key.of("handshake", Values.duration("100ms", "5m"))
          .defaults("10s")
          .about("How long a connection may take to say its protocol, TLS included.");

  static final Key<ListenLimits> LIMITS =
      Key.of(
          "limits",
          new Section<>(
              "Limits of what is listened on.",
              List.of(CONNECTIONS, PER_ADDRESS, PER_SECOND, HANDSHAKE),
              bound ->
                  new ListenLimits(
                      bound.get(CONNECTIONS),
                      bound.get(PER_ADDRESS),
                      bound.get(PER_SECOND),
                      bound.get(HANDSHAKE))));

  private ListenSection() {}
}
