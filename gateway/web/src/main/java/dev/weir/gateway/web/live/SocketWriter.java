package dev.weir.gateway.web.live;

import dev.weir.base.Bytes;
import dev.weir.base.TurnEnd;
import dev.weir.gateway.web.json.JsonText;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/// Writes to one socket. What is said in one turn of the event loop is flushed once, and to a
/// client that takes several objects in a frame it goes in one.
///
/// Threads: any says; the channel's event loop writes.
final class SocketWriter {
  /// Of one frame: as many as a queue hands out at a time, and what the kernel takes at once.
  private static final int MAX_GATHERED = 256;

  private static final int MAX_GATHERED_BYTES = 256 << 10;

  /// RFC 6455 §5.5: a control frame carries 125 bytes, two of them the code.
  private static final int MAX_REASON_BYTES = 123;

  private final Channel channel;
  private final SocketProtocol protocol;
  private final SocketWords words;
  private final Outlet outlet;
  private final TurnEnd flushing;
  private final ReentrantLock lock = new ReentrantLock();

  /// Said and not written; guarded by the lock.
  private List<Bytes> said = new ArrayList<>();

  private volatile boolean isGathering;

  SocketWriter(Channel channel, SocketProtocol protocol) {
    this.channel = channel;
    this.protocol = protocol;
    this.words = new SocketWords(protocol);
    this.outlet = new Outlet(channel);
    this.flushing = new TurnEnd(channel.eventLoop(), this::flush);
  }

  /// What can be said.
  SocketWords words() {
    return words;
  }

  SocketProtocol protocol() {
    return protocol;
  }

  Outlet outlet() {
    return outlet;
  }

  /// Without waiting: who has much to say waits for room before.
  void send(JsonText text) {
    Bytes bytes = text.bytes();
    outlet.hold(bytes.length());
    lock.lock();
    try {
      said.add(bytes);
    } finally {
      lock.unlock();
    }
    flushing.ask();
  }

  /// Its client takes several objects in a frame.
  void gather() {
    isGathering = true;
  }

  /// The end of a turn.
  private void flush() {
    List<Bytes> all;
    lock.lock();
    try {
      all = said;
      said = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    int from = 0;
    while (from < all.size()) {
      int end = endOfFrame(all, from);
      List<Bytes> objects = all.subList(from, end);
      Bytes frame = objects.size() == 1 ? objects.getFirst() : protocol.several(objects);
      outlet.sendHeld(protocol.frame(frame), objects.stream().mapToInt(Bytes::length).sum());
      from = end;
    }
    channel.flush();
  }

  private int endOfFrame(List<Bytes> all, int from) {
    int end = from + 1;
    long bytes = all.get(from).length();
    while (isGathering && end < all.size() && end - from < MAX_GATHERED) {
      bytes += all.get(end).length();
      if (bytes > MAX_GATHERED_BYTES) {
        return end;
      }
      end++;
    }
    return end;
  }

  /// Ends the conversation with a code of RFC 6455 §7.4 and a reason for people.
  void close(int code, String reason) {
    String shown = reason;
    while (shown.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
      shown = shown.substring(0, shown.length() - 1);
    }
    CloseWebSocketFrame last = new CloseWebSocketFrame(code, shown);
    inTurn(() -> channel.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE));
  }

  /// Does something on the event loop behind everything that was said before.
  void inTurn(Runnable task) {
    if (channel.eventLoop().inEventLoop()) {
      flush();
      task.run();
      return;
    }
    try {
      channel.eventLoop().execute(() -> inTurn(task));
    } catch (RejectedExecutionException _) {
      // The loop has ended, and with it every connection.
    }
  }
}
