package dev.weir.client;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.proto.v1.GetPresenceRequest;
import dev.weir.proto.v1.PresenceGrpc;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Who is there, by topic.
///
/// ```java
/// try (Membership anna = weir.presence().enter("rooms/1", "anna", Bytes.utf8("typing"))) {
///   anna.entered().join();
///   weir.presence().members("rooms/1"); // she is among them until this closes
/// }
/// ```
///
/// Any thread.
public final class PresenceClient {
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(15);

  private final ClientConfig config;
  private final Channels channels;
  private final int firstTarget;
  private final ScheduledExecutorService timer;
  private final Executor callbacks;
  private final RandomGenerator random;
  private final Set<Membership> memberships = ConcurrentHashMap.newKeySet();
  private final Set<PresenceWatch> watches = ConcurrentHashMap.newKeySet();

  PresenceClient(
      ClientConfig config,
      Channels channels,
      int firstTarget,
      ScheduledExecutorService timer,
      Executor callbacks,
      RandomGenerator random) {
    this.config = config;
    this.channels = channels;
    this.firstTarget = firstTarget;
    this.timer = timer;
    this.callbacks = callbacks;
    this.random = random;
  }

  private <C extends Redial.Call> Redial<C> redial(String name, Supplier<C> calls) {
    Part part = new Part(name, config.states());
    return new Redial<>(channels, firstTarget, timer, random, part, calls);
  }

  /// Who is there now, in the order of their entering.
  ///
  /// @throws WeirException with INVALID_TOPIC, NOT_PERMITTED, UNREACHABLE
  public List<Member> members(String topic) {
    try {
      return PresenceWords.members(
          PresenceGrpc.newBlockingStub(channels.at(firstTarget))
              .withDeadlineAfter(config.connect().toMillis(), TimeUnit.MILLISECONDS)
              .getPresence(GetPresenceRequest.newBuilder().setTopic(topic).build())
              .getView());
    } catch (StatusRuntimeException e) {
      throw Refusals.of(e);
    }
  }

  /// Enters a member, which stays for 15 s when its connection is lost.
  public Membership enter(String topic, String member, Bytes data) {
    return enter(topic, member, data, DEFAULT_GRACE);
  }

  /// Enters a member.
  ///
  /// @param member 1 to 64 characters
  /// @param data at most 4 KiB
  /// @param grace how long it stays when its connection is lost, up to 10 min
  public Membership enter(String topic, String member, Bytes data, Duration grace) {
    Membership membership =
        new Membership(
            topic,
            member,
            data,
            grace,
            config.connect(),
            callbacks,
            calls -> redial("member", calls),
            memberships::remove);
    memberships.add(membership);
    membership.start();
    return membership;
  }

  /// Follows a topic: who is there, then each change.
  public PresenceWatch watch(String topic, PresenceListener listener) {
    PresenceWatch watch =
        new PresenceWatch(
            topic, listener, callbacks, calls -> redial("presence", calls), watches::remove);
    watches.add(watch);
    watch.start();
    return watch;
  }

  void close() {
    memberships.forEach(Membership::close);
    watches.forEach(PresenceWatch::close);
  }
}
