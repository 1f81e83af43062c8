package dev.weir.rpc;

import dev.weir.base.Bytes;
import dev.weir.wire.Metadata.Entry;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.Priority;
import io.grpc.CallOptions;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What a client says before its first message.
final class CallHeaders {
  private final ChannelSettings settings;
  private final CallOptions options;
  private final String method;
  private final CallDeadline deadline;
  private Compressor compressor = Codec.Identity.NONE;

  CallHeaders(ChannelSettings settings, CallOptions options, String method, CallDeadline deadline) {
    this.settings = settings;
    this.options = options;
    this.method = method;
    this.deadline = deadline;
  }

  /// Why the call cannot be made at all; empty when it can.
  Optional<Status> refusal(Context context) {
    if (context.isCancelled()) {
      return Optional.of(CallDeadline.cancelledBy(context));
    }
    if (deadline.isExpired()) {
      return Optional.of(deadline.expiredBefore());
    }
    String name = options.getCompressor();
    if (name == null) {
      return Optional.empty();
    }
    Compressor found = settings.compressors().lookupCompressor(name);
    if (found == null) {
      return Optional.of(Status.INTERNAL.withDescription("There is no compressor " + name));
    }
    compressor = found;
    return Optional.empty();
  }

  Compressor compressor() {
    return compressor;
  }

  /// Whether the call may be one of many: what they share was said when their stream was opened.
  boolean isSharable() {
    return options.getAuthority() == null && (deadline.deadline() == null || wireMicros() >= 0);
  }

  /// What is left, as the wire says it; -1 for no deadline or one that is too far away.
  long wireMicros() {
    return Timeouts.wireMicros(deadline.deadline());
  }

  /// A call's own entries.
  ///
  /// @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when they are too large
  List<Entry> entries(Metadata headers) {
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
    Deadline far = deadline.deadline();
    if (far != null && micros < 0) {
      String header = Timeouts.header(far.timeRemaining(TimeUnit.MICROSECONDS));
      all.add(new Entry("grpc-timeout", Bytes.utf8(header)));
    }
    return new OpenRequest(
        method, Session.ONE_CALL, MetadataCodec.wire(all), micros, Priority.NORMAL);
  }
}
