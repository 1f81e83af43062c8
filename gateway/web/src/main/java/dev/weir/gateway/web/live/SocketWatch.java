package dev.weir.gateway.web.live;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Presence;
import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceView;
import dev.weir.broker.PresenceWatch;
import dev.weir.broker.PresenceWatcher;
import org.jspecify.annotations.Nullable;

/// A topic whose members a socket follows. A reader that stands still is told that it is behind,
/// and attaches again with the sequence that it has seen. Called by the thread of presence.
final class SocketWatch implements PresenceWatcher {
  private static final long MAX_PENDING_BYTES = 1 << 20;

  private final String id;
  private final SocketWriter writer;
  private final Runnable onEnd;
  private volatile @Nullable PresenceWatch watch;
  private volatile boolean isClosed;

  /// @param onEnd called when it ends by itself
  SocketWatch(String id, SocketWriter writer, Runnable onEnd) {
    this.id = id;
    this.writer = writer;
    this.onEnd = onEnd;
  }

  void open(Presence presence, String topic, long since) {
    PresenceWatch open = presence.watch(topic, since, this);
    watch = open;
    if (isClosed) {
      open.close();
    }
  }

  @Override
  public String origin() {
    return writer.outlet().origin();
  }

  @Override
  public void began(PresenceView view) {
    writer.send(writer.words().presence(id, view));
  }

  @Override
  public void changed(PresenceChange change) {
    if (isClosed) {
      return;
    }
    if (writer.outlet().pendingBytes() > MAX_PENDING_BYTES) {
      close();
      ended(
          new WeirException(
              ErrorCode.OVERLOADED,
              "Changes of presence are not read; attach again since the last one."));
    } else {
      writer.send(writer.words().change(id, change));
    }
  }

  @Override
  public void ended(WeirException cause) {
    onEnd.run();
    writer.send(writer.words().error(id, "", cause));
  }

  void close() {
    isClosed = true;
    PresenceWatch open = watch;
    if (open != null) {
      open.close();
    }
  }
}
