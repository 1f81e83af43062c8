package dev.weir.edge.source.statsd;

/// One sample of a line.
///
/// @param name of the metric, in the form of Prometheus
/// @param labels its tags as Prometheus labels, sorted and joined; may be empty
/// @param value of a number; 0 for a set
/// @param member of a set; empty otherwise
/// @param isDelta whether a gauge is changed by the value instead of set to it
/// @param weight how many samples it stands for: one divided by the sample rate
record StatsdSample(
    StatsdType type,
    String name,
    String labels,
    double value,
    String member,
    boolean isDelta,
    double weight) {}
