package dev.weir.config;

import dev.weir.config.schema.Reading;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Values;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The types of values that belong to messaging: addresses, directories, topics.
final class AddressValues {
  /// The default of a directory: below the user's state directory.
  static final String AUTO = "auto";

  private static final int MAX_TOPIC_CHARS = 512;

  private AddressValues() {}

  static Value<HostPort> hostPort() {
    return Values.custom(
        "HOST:PORT",
        "",
        (text, _) ->
            HostPort.parse(text)
                .<Reading<HostPort>>map(Reading::of)
                .orElseGet(() -> Reading.wrongType("HOST:PORT", fixForHostPort(text))),
        HostPort::toString);
  }

  private static String fixForHostPort(String text) {
    if (text.matches("\\d{1,5}")) {
      return "add the host: 127.0.0.1:" + text;
    }
    if (text.matches(":\\d{1,5}")) {
      return "add the host: 127.0.0.1" + text;
    }
    if (text.matches("[A-Za-z0-9._-]{1,253}")) {
      return "add the port: " + text + ":" + CoreAddress.DEFAULT_PORT;
    }
    return "write a name or address and a port from 0 to 65535, IPv6 in brackets: [::1]:4750";
  }

  static Value<CoreAddress> coreAddress() {
    return Values.custom(
        "address",
        "weir://HOST:PORT",
        (text, _) ->
            CoreAddress.parse(text)
                .<Reading<CoreAddress>>map(Reading::of)
                .orElseGet(() ->
                    Reading.wrongType(
                        "weir://HOST:PORT, wire:// or grpc://, or one of them with an s for TLS",
                        HostPort.parse(text).isPresent()
                            ? "write weir://" + text
                            : "write the address of a core, such as weir://core.example:4750")),
        CoreAddress::toString);
  }

  static Value<AddressRange> addressRange() {
    return Values.custom(
        "address",
        "or ADDRESS/BITS",
        (text, _) ->
            AddressRange.parse(text)
                .<Reading<AddressRange>>map(Reading::of)
                .orElseGet(() ->
                    Reading.wrongType(
                        "an address or a range of addresses", "write 10.0.0.1 or 10.0.0.0/8")),
        AddressRange::toString);
  }

  /// A directory; `auto` is the named one below `$XDG_STATE_HOME/weir`.
  static Value<Path> directory(String autoName) {
    return Values.custom(
        "directory",
        "",
        (text, environment) -> {
          if (text.equals(AUTO)) {
            return Reading.of(stateDirectory(environment).resolve(autoName));
          }
          try {
            return text.isEmpty()
                ? Reading.wrongType("a directory", "write a path, or auto")
                : Reading.of(Path.of(text));
          } catch (InvalidPathException _) {
            return Reading.wrongType("a directory", "write a path, or auto");
          }
        },
        Path::toString);
  }

  static Value<Path> file() {
    return Values.custom(
        "path",
        "",
        (text, _) -> {
          try {
            return text.isEmpty()
                ? Reading.wrongType("a path", "write the path of a file")
                : Reading.of(Path.of(text));
          } catch (InvalidPathException _) {
            return Reading.wrongType("a path", "write the path of a file");
          }
        },
        Path::toString);
  }

  /// The XDG base directory specification, section 3: relative values are ignored.
  private static Path stateDirectory(Map<String, String> environment) {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    if (state.startsWith("/")) {
      return Path.of(state, "weir");
    }
    String home = environment.getOrDefault("HOME", "");
    return home.isEmpty() ? Path.of("weir-state") : Path.of(home, ".local", "state", "weir");
  }

  static Value<String> topic() {
    return Values.custom(
        "topic",
        "a/b/c",
        (text, _) -> {
          if (text.isEmpty() || text.length() > MAX_TOPIC_CHARS) {
            return Reading.outOfRange("a topic of 1 to " + MAX_TOPIC_CHARS + " characters", "");
          }
          boolean isPlain =
              text.chars().noneMatch(c -> c == '+' || c == '#' || Character.isISOControl(c))
                  && !text.startsWith("/")
                  && !text.endsWith("/")
                  && !text.contains("//");
          return isPlain
              ? Reading.of(text)
              : Reading.wrongType(
                  "a topic such as site1/app/logs",
                  "write non-empty levels separated by /; + and # are for filters only");
        },
        topic -> topic);
  }

  /// An address of a page.
  static Value<URI> httpUrl() {
    return Values.custom(
        "URL",
        "http or https",
        (text, _) -> {
          try {
            URI url = new URI(text);
            boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean isWhole = isHttp && url.getHost() != null && url.getRawUserInfo() == null;
            return isWhole
                ? Reading.of(url)
                : Reading.wrongType("a URL", "write http://HOST:PORT/metrics");
          } catch (URISyntaxException _) {
            return Reading.wrongType("a URL", "write http://HOST:PORT/metrics");
          }
        },
        URI::toString);
  }

  /// The value of a metric's label.
  static Value<String> labelValue() {
    return Values.custom(
        "text",
        "1 to 128 characters",
        (text, _) -> {
          boolean isPlain = text.chars().noneMatch(Character::isISOControl);
          return isPlain && !text.isEmpty() && text.length() <= 128
              ? Reading.of(text)
              : Reading.wrongType("a text of 1 to 128 characters", "write a name such as node");
        },
        text -> text);
  }

  /// A path whose last parts may be globs.
  static Value<String> filePattern() {
    return Values.custom(
        "path",
        "path or glob",
        (text, _) -> {
          boolean isPath = !text.isEmpty() && text.indexOf('\0') < 0;
          return isPath
              ? Reading.of(text)
              : Reading.wrongType("a path or a glob", "write a path such as /var/log/app/*.log");
        },
        path -> path);
  }

  static Value<Optional<String>> optionalRegex() {
    return Values.optional(
        Values.custom(
            "regex",
            "Java syntax",
            (text, _) -> {
              try {
                return Reading.of(Pattern.compile(text).pattern());
              } catch (PatternSyntaxException e) {
                return Reading.wrongType(
                    "a regular expression",
                    e.getDescription() + " at character " + (e.getIndex() + 1));
              }
            },
            regex -> regex));
  }
}
