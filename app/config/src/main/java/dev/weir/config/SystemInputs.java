package dev.weir.config;

import dev.weir.base.ByteSize;
import dev.weir.config.SystemInput.Protocol;
import dev.weir.config.SystemInput.RelpInput;
import dev.weir.config.SystemInput.StatsdInput;
import dev.weir.config.SystemInput.SyslogInput;
import dev.weir.config.SystemInput.TlsFiles;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Values;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The kinds of `edge.inputs` that come from operating systems and their daemons.
final class SystemInputs {
  private static final Key<Protocol> PROTOCOL =
      Key.of("protocol", Values.choice(List.of(Protocol.values())))
          .defaults("udpAndTcp")
          .about("What is taken on the port.");
  private static final Key<TlsFiles> TLS = Key.of("tls", tls());
  private static final Key<Integer> MAX_CONNECTIONS =
      Key.of("maxConnections", Values.integer("", 1, 65_536))
          .defaults("512")
          .about("Connections open at once; one more is closed and counted.");

  private SystemInputs() {}

  static Map<String, Section<? extends InputConfig>> cases() {
    Map<String, Section<? extends InputConfig>> cases = new LinkedHashMap<>();
    cases.put("syslog", syslog());
    cases.put("relp", relp());
    cases.put("statsd", statsd());
    cases.putAll(LocalInputs.cases());
    return cases;
  }

  private static Section<SyslogInput> syslog() {
    Key<HostPort> listen = listen("127.0.0.1:5514", "Where syslog is sent to.");
    Key<ByteSize> maxMessage = maxMessage("480B", "64KiB", "Longer messages are split.");
    return new Section<>(
        "Takes syslog (RFC 5424 and 3164); the protocol has no acks.",
        List.of(listen, PROTOCOL, InputSection.TOPIC, TLS, maxMessage, MAX_CONNECTIONS),
        bound ->
            new SyslogInput(
                bound.get(listen),
                bound.get(PROTOCOL),
                bound.get(InputSection.TOPIC),
                bound.get(TLS),
                bound.get(maxMessage),
                bound.get(MAX_CONNECTIONS)));
  }

  private static Section<RelpInput> relp() {
    Key<HostPort> listen = listen("127.0.0.1:2514", "Where rsyslog's omrelp sends to.");
    Key<ByteSize> maxMessage =
        maxMessage("1KiB", "128KiB", "The largest message; a larger one is refused.");
    return new Section<>(
        "Takes syslog over RELP and answers each message once it is durable.",
        List.of(listen, InputSection.TOPIC, TLS, maxMessage, MAX_CONNECTIONS),
        bound ->
            new RelpInput(
                bound.get(listen),
                bound.get(InputSection.TOPIC),
                bound.get(TLS),
                bound.get(maxMessage),
                bound.get(MAX_CONNECTIONS)));
  }

  private static Section<StatsdInput> statsd() {
    Key<HostPort> listen = listen("127.0.0.1:8125", "Where statsd clients send to.");
    Key<Duration> interval =
        Key.of("interval", Values.duration("100ms", "1h"))
            .defaults("10s")
            .about("What is aggregated into one sample of a series.");
    Key<Integer> maxSeries =
        Key.of("maxSeries", Values.integer("", 1, 1_000_000))
            .defaults("10000")
            .about("Series in one interval; samples of others are counted and dropped.");
    return new Section<>(
        "Takes statsd and DogStatsD, aggregates them and sends Prometheus' text.",
        List.of(listen, PROTOCOL, InputSection.TOPIC, interval, maxSeries, MAX_CONNECTIONS),
        bound ->
            new StatsdInput(
                bound.get(listen),
                bound.get(PROTOCOL),
                bound.get(InputSection.TOPIC),
                bound.get(interval),
                bound.get(maxSeries),
                bound.get(MAX_CONNECTIONS)));
  }

  private static Section<TlsFiles> tls() {
    Key<Optional<Path>> certificate =
        file("certificate", "The server's certificate chain, PEM; with it the stream is TLS.");
    Key<Optional<Path>> key = file("key", "Its private key, PEM in PKCS#8 without a password.");
    Key<Optional<Path>> clientCa =
        file("clientCa", "Who signs the certificates that clients must then have, PEM.");
    return new Section<>(
        "TLS of the listener.",
        List.of(certificate, key, clientCa),
        bound -> new TlsFiles(bound.get(certificate), bound.get(key), bound.get(clientCa)));
  }

  private static Key<Optional<Path>> file(String name, String meaning) {
    return Key.of(name, Values.optional(AddressValues.file())).defaults(Values.NONE).about(meaning);
  }

  private static Key<HostPort> listen(String example, String meaning) {
    return Key.of("listen", AddressValues.hostPort()).example(example).about(meaning);
  }

  private static Key<ByteSize> maxMessage(String low, String usual, String meaning) {
    return Key.of("maxMessage", Values.size(low, "1MiB")).defaults(usual).about(meaning);
  }
}
