package dev.weir.config;

import dev.weir.config.schema.Key;
import dev.weir.config.schema.Reading;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Values;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The keys of `router`.
final class RouterSection {
  private static final String EVEN = "even";

  private static final Key<String> NAME =
      Key.of("name", nodeName())
          .example("a")
          .about("What the node is called, the same over all versions of the map.")
          .hot();
  private static final Key<HostPort> ADDRESS =
      Key.of("address", AddressValues.hostPort())
          .example("storage-a.example:4750")
          .about("Where it serves wire.")
          .hot();
  private static final Key<Optional<SlotRanges>> SLOTS =
      Key.of("slots", slots())
          .defaults(EVEN)
          .about("Which of the slots 0 to 16383 it keeps, such as 0-8191,12000; or an even share.")
          .hot();
  static final Section<RouterConfig.Storage> STORAGE =
      new Section<>(
          "A storage node.",
          List.of(NAME, ADDRESS, SLOTS),
          bound -> new RouterConfig.Storage(bound.get(NAME), bound.get(ADDRESS), bound.get(SLOTS)));

  private static final Key<Optional<String>> ROUTER_NAME =
      Key.of("name", Values.optional(nodeName()))
          .defaults(Values.NONE)
          .about("What the router is called at storage nodes; none is its host's name and port.");
  private static final Key<Duration> ANNOUNCE =
      Key.of("announce", Values.duration("50ms", "60s"))
          .defaults("2s")
          .about(
              "How often storage nodes are told the map; silent for three of these, one is gone.");
  private static final Key<Integer> MAP_VERSION =
      Key.of("mapVersion", Values.integer("", 1, Integer.MAX_VALUE))
          .defaults("1")
          .about("The version of the list of storages; a changed list counts when it is higher.")
          .hot();
  private static final Key<List<RouterConfig.Storage>> STORAGES =
      Key.of("storages", new ListOf<>(STORAGE, 0))
          .about("The storage nodes: name, address, slots.")
          .hot();
  private static final Key<Optional<Path>> CA =
      Key.of("ca", WireSection.optionalFile())
          .defaults(Values.NONE)
          .about("PEM file of those who sign the storages' certificates; with it TLS is spoken.");
  private static final Key<Optional<Path>> CERTIFICATE =
      Key.of("certificate", WireSection.optionalFile())
          .defaults(Values.NONE)
          .about("PEM file of the certificate that is shown to storages.");
  private static final Key<Optional<Path>> KEY =
      Key.of("key", WireSection.optionalFile())
          .defaults(Values.NONE)
          .about("PEM file of that certificate's private key, PKCS #8 without a password.");
  private static final Key<Optional<Path>> TOKEN =
      Key.of("token", WireSection.optionalFile())
          .defaults(Values.NONE)
          .about("File that holds the token that is shown to storages.");

  static final Section<RouterConfig> SECTION =
      new Section<>(
          "A router: where it passes calls on to, and as whom.",
          List.of(MAP_VERSION, STORAGES, CA, CERTIFICATE, KEY, TOKEN, ROUTER_NAME, ANNOUNCE),
          bound ->
              new RouterConfig(
                  bound.get(ROUTER_NAME),
                  bound.get(ANNOUNCE),
                  bound.get(MAP_VERSION),
                  bound.get(STORAGES),
                  bound.get(CA),
                  bound.get(CERTIFICATE),
                  bound.get(KEY),
                  bound.get(TOKEN)));

  private RouterSection() {}

  private static Value<String> nodeName() {
    return Values.custom(
        "name",
        "1 to 64 letters, digits, . _ -",
        (text, _) ->
            text.matches("[A-Za-z0-9._-]{1,64}")
                ? Reading.of(text)
                : Reading.wrongType("a name such as storage-a", "write letters, digits, . _ or -"),
        name -> name);
  }

  private static Value<Optional<SlotRanges>> slots() {
    return Values.custom(
        "slots",
        "even, or 0 to 16383",
        (text, _) ->
            text.equals(EVEN)
                ? Reading.of(Optional.empty())
                : SlotRanges.parse(text)
                    .<Reading<Optional<SlotRanges>>>map(found -> Reading.of(Optional.of(found)))
                    .orElseGet(() ->
                        Reading.wrongType("even, or slots", "write ranges such as 0-8191,12000")),
        found -> found.map(SlotRanges::toString).orElse(EVEN));
  }
}
