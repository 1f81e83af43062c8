package dev.weir.config;

/// The whole configuration. Every value is within the range that its key documents; build one with
/// [ConfigLoader], without files for the defaults.
public record WeirConfig(
    ServerConfig server,
    AuthConfig auth,
    StoreConfig store,
    FlowConfig flow,
    KvStoreConfig kv,
    WireSettings wire,
    RouterConfig router,
    EdgeConfig edge,
    TelemetryConfig telemetry) {}
