package dev.weir.gateway.web.live;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Presence;
import dev.weir.broker.PresenceHolder;
import dev.weir.broker.PresenceMember;
import dev.weir.gateway.web.json.JsonFields;
import dev.weir.gateway.web.json.MessageJson;
import dev.weir.gateway.web.rest.Receipts;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// Who is there, for a socket: members that it enters, and topics whose members it follows. Its
/// frames are handled one at a time; answers come from the thread of presence.
final class SocketPresence {
  /// Changes under way; beyond that the socket is not read.
  private static final int MAX_CHANGES = 256;

  private final Presence presence;
  private final PresenceHolder holder;
  private final SocketWriter writer;
  private final Consumer<String> checkFree;
  private final Semaphore changes = new Semaphore(MAX_CHANGES);
  private final Map<String, SocketWatch> watches = new ConcurrentHashMap<>();
  private volatile boolean isClosed;

  /// @param checkFree refuses a name that the socket uses already, and one too many
  SocketPresence(Presence presence, SocketWriter writer, Consumer<String> checkFree) {
    this.presence = presence;
    this.holder = presence.hold("", writer.outlet().origin());
    this.writer = writer;
    this.checkFree = checkFree;
  }

  /// `attach` with a topic whose members are followed.
  void attach(JsonFields fields, String id) {
    String topic = fields.requiredText("presence");
    long since = fields.number("since", 0, Long.MAX_VALUE, 0);
    fields.noMore();
    checkFree.accept(id);
    SocketWatch watch = new SocketWatch(id, writer, () -> watches.remove(id));
    watches.put(id, watch);
    try {
      watch.open(presence, topic, since);
    } catch (WeirException e) {
      watches.remove(id);
      throw e;
    }
    if (isClosed) {
      watch.close();
    }
  }

  void enter(JsonFields fields, String ref) throws InterruptedException {
    String topic = fields.requiredText("topic");
    String member = fields.requiredText("member");
    Bytes data = MessageJson.bytes("data", fields);
    Duration grace = fields.duration("grace").orElse(PresenceMember.DEFAULT_GRACE);
    fields.noMore();
    changes.acquire();
    told("entered", ref, topic, member, holder.enter(topic, member, data, grace));
  }

  void update(JsonFields fields, String ref) throws InterruptedException {
    String topic = fields.requiredText("topic");
    String member = fields.requiredText("member");
    Bytes data = MessageJson.bytes("data", fields);
    fields.noMore();
    changes.acquire();
    told("updated", ref, topic, member, holder.update(topic, member, data));
  }

  void leave(JsonFields fields, String ref) throws InterruptedException {
    String topic = fields.requiredText("topic");
    String member = fields.requiredText("member");
    fields.noMore();
    changes.acquire();
    told("left", ref, topic, member, holder.leave(topic, member));
  }

  private void told(
      String op, String ref, String topic, String member, CompletionStage<Long> done) {
    var _ =
        done.whenComplete((sequence, fault) -> {
          changes.release();
          if (fault != null) {
            writer.send(writer.words().error("", ref, cause(fault)));
          } else {
            writer.send(writer.words().present(op, ref, topic, member, sequence));
          }
        });
  }

  private static WeirException cause(Throwable fault) {
    Throwable known = fault.getCause() == null ? fault : fault.getCause();
    return known instanceof IllegalArgumentException
        ? new WeirException(ErrorCode.MALFORMED, known.getMessage() + ".", known)
        : Receipts.cause(fault);
  }

  void members(JsonFields fields, String ref) throws InterruptedException {
    String topic = fields.requiredText("topic");
    fields.noMore();
    changes.acquire();
    var _ =
        presence
            .members(topic)
            .whenComplete((view, fault) -> {
              changes.release();
              if (fault != null) {
                writer.send(writer.words().error("", ref, cause(fault)));
              } else {
                writer.send(writer.words().members(ref, view));
              }
            });
  }

  boolean has(String id) {
    return watches.containsKey(id);
  }

  int size() {
    return watches.size();
  }

  /// @return whether a topic was followed under this name
  boolean detach(String id) {
    SocketWatch known = watches.remove(id);
    if (known == null) {
      return false;
    }
    known.close();
    return true;
  }

  /// The connection is gone: its members leave after their grace. Idempotent.
  void close() {
    isClosed = true;
    watches.values().forEach(SocketWatch::close);
    watches.clear();
    holder.close();
  }
}
