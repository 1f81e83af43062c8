package dev.weir.rpc;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.wire.Metadata;
import dev.weir.wire.Metadata.Entry;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/// What the calls of one channel share.
///
/// @param executor runs listeners; null for the connections' event loops
/// @param blocking for what may block: names to look up, credentials
/// @param timers of deadlines and waits
/// @param maxInboundBytes the largest message taken, unless the call says otherwise
/// @param authority who is called, as servers are told
/// @param userAgent what calls; null to say nothing
/// @param isSecure whether connections are TLS, as credentials are told
record ChannelSettings(
    @Nullable Executor executor,
    Executor blocking,
    ScheduledExecutorService timers,
    Clock clock,
    CompressorRegistry compressors,
    DecompressorRegistry decompressors,
    int maxInboundBytes,
    String authority,
    @Nullable String userAgent,
    boolean isSecure) {

  /// What is said once on each stream, whatever the call.
  ///
  /// @param callAuthority instead of the channel's; null for the channel's
  List<Entry> common(@Nullable String callAuthority) {
    List<Entry> entries = new ArrayList<>();
    String named = callAuthority == null ? authority : callAuthority;
    entries.add(new Entry(MetadataCodec.AUTHORITY, Bytes.utf8(named)));
    if (userAgent != null) {
      entries.add(new Entry("user-agent", Bytes.utf8(userAgent)));
    }
    String encodings = encodings();
    if (!encodings.isEmpty()) {
      entries.add(new Entry("grpc-accept-encoding", Bytes.utf8(encodings)));
    }
    return entries;
  }

  Metadata sharedMetadata() {
    return new Metadata(common(null));
  }

  private String encodings() {
    return String.join(",", decompressors.getAdvertisedMessageEncodings());
  }
}
