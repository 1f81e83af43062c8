package dev.weir.config;

import dev.weir.base.ErrorCode;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Reading;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Values;
import java.util.List;

/// The top of the schema. A new section is a class like [ServerSection] and one line here.
final class WeirSchema {
  /// The only version that is read; a later one will be converted, not guessed.
  static final int VERSION = 1;

  static final String VERSION_KEY = "version";

  private static final Key<Integer> VERSION_NUMBER =
      Key.of(VERSION_KEY, version())
          .defaults("" + VERSION)
          .about("The version of this format; every file states it.");
  private static final Key<ServerConfig> SERVER = Key.of("server", ServerSection.SECTION);
  private static final Key<AuthConfig> AUTH = Key.of("auth", AuthSection.SECTION);
  private static final Key<StoreConfig> STORE = Key.of("store", StoreSection.SECTION);
  private static final Key<FlowConfig> FLOW = Key.of("flow", FlowSection.SECTION);
  private static final Key<KvStoreConfig> KV = Key.of("kv", KvSection.SECTION);
  private static final Key<WireSettings> WIRE = Key.of("wire", WireSection.SECTION);
  private static final Key<RouterConfig> ROUTER = Key.of("router", RouterSection.SECTION);
  private static final Key<EdgeConfig> EDGE = Key.of("edge", EdgeSection.SECTION);
  private static final Key<TelemetryConfig> TELEMETRY =
      Key.of("telemetry", TelemetrySection.SECTION);

  static final Section<WeirConfig> ROOT =
      new Section<>(
          "",
          List.of(VERSION_NUMBER, SERVER, AUTH, STORE, FLOW, KV, WIRE, ROUTER, EDGE, TELEMETRY),
          bound ->
              new WeirConfig(
                  bound.get(SERVER),
                  bound.get(AUTH),
                  bound.get(STORE),
                  bound.get(FLOW),
                  bound.get(KV),
                  bound.get(WIRE),
                  bound.get(ROUTER),
                  bound.get(EDGE),
                  bound.get(TELEMETRY)));

  private WeirSchema() {}

  private static Value<Integer> version() {
    String known = "" + VERSION;
    return Values.custom(
        "number",
        known,
        (text, _) ->
            text.equals(known)
                ? Reading.of(VERSION)
                : new Reading.Rejected<>(
                    ErrorCode.CONFIG_VERSION, known, "write `version: " + known + "`"),
        Object::toString);
  }
}
