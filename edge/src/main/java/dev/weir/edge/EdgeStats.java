package dev.weir.edge;

import dev.weir.edge.encoding.EncodingStats;
import dev.weir.edge.source.SourceStats;
import dev.weir.edge.spool.SpoolStats;
import dev.weir.link.LinkStats;
import java.util.List;

/// An edge at one moment.
///
/// @param intakeBytes between sources and spool
/// @param encoding how batches are compressed
public record EdgeStats(
    List<SourceStats> sources,
    SpoolStats spool,
    LinkStats link,
    long intakeBytes,
    EncodingStats encoding) {}
