package dev.weir.rpc;

import dev.weir.base.Bytes;
import dev.weir.wire.Metadata.Entry;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.Priority;
import io.grpc.CallOptions;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.Deadline;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a client says before its first message.
final class CallHeaders {
  private final ChannelSettings settings;
  private final CallOptions options;
  private final String method;
  private final @Nullable Deadline deadline;

  CallHeaders(
      ChannelSettings settings, CallOptions options, String method, @Nullable Deadline deadline) {
    this.settings = settings;
    this.options = options;
    this.method = method;
    this.deadline = deadline;
  }

  /// Whether the call may be one of many: what they share was said when their stream was opened.
  boolean isSharable() {
    return options.getAuthority() == null && (deadline == null || wireMicros() >= 0);
  }

  /// What is left, as the wire says it; -1 for no deadline or one that is too far away.
  long wireMicros() {
    return Timeouts.wireMicros(deadline);
  }

  /// A call's own entries.
  ///
  /// @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when they are too large
  List<Entry> entries(Metadata headers, Compressor compressor) {
    List<Entry> entries = MetadataCodec.entries(headers, headers.keys());
    if (!(compressor instanceof Codec.Identity)) {
      entries.add(new Entry("grpc-encoding", Bytes.utf8(compressor.getMessageEncoding())));
    }
    return entries;
  }

  /// Opens a stream for this call alone.
  ///
  /// @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when the metadata is too large
  OpenRequest open(List<Entry> own) {
    List<Entry> all = new ArrayList<>(settings.common(options.getAuthority()));
    all.addAll(own);
    long micros = wireMicros();
    if (deadline != null && micros < 0) {
      String header = Timeouts.header(deadline.timeRemaining(TimeUnit.MICROSECONDS));
      all.add(new Entry("grpc-timeout", Bytes.utf8(header)));
    }
    return new OpenRequest(
        method, Session.ONE_CALL, MetadataCodec.wire(all), micros, Priority.NORMAL);
  }
}
