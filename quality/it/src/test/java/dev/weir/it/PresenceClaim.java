package dev.weir.it;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.client.Member;
import dev.weir.client.MemberChange;
import dev.weir.client.Membership;
import dev.weir.client.PresenceListener;
import dev.weir.client.PresenceWatch;
import dev.weir.client.WeirClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Presence: who comes back after a kill never left, with what it said last; who was acked and has
/// a long grace is there although its connection died with the core; who left is gone, and who has
/// a short grace is, once that is over; who watches knows the same.
final class PresenceClaim extends Claim {
  private static final String ROOM = "mix/room";
  private static final int STAYING = 3;
  private static final Duration LONG = Duration.ofMinutes(10);

  private final WeirClient client;
  private final WebDoors web;
  private final Map<String, Membership> staying = new TreeMap<>();
  private final Watcher watcher = new Watcher();
  private final List<SocketTalk> open = new ArrayList<>();
  private @Nullable PresenceWatch watch;
  private int round;
  private String lingering = "";
  private String lastWord = "";

  PresenceClaim(WeirClient client, WebDoors web) {
    super("presence");
    this.client = client;
    this.web = web;
  }

  /// The room as a watcher knows it. On the client's event loop; read by anybody.
  private final class Watcher implements PresenceListener {
    private final Set<String> names = new TreeSet<>();
    private final AtomicReference<Set<String>> view = new AtomicReference<>(Set.of());

    @Override
    public void members(List<Member> members, long sequence) {
      names.clear();
      members.forEach(member -> names.add(member.name()));
      view.set(Set.copyOf(names));
    }

    @Override
    public void changed(MemberChange change) {
      String name = change.member().name();
      if (change.kind() == MemberChange.Kind.LEFT) {
        names.remove(name);
        if (name.startsWith("stays")) {
          fault(name + " was told to have left");
        }
      } else {
        names.add(name);
      }
      view.set(Set.copyOf(names));
    }
  }

  @Override
  void start() {
    for (int i = 0; i < STAYING; i++) {
      String name = "stays-" + i;
      Membership membership = client.presence().enter(ROOM, name, Bytes.EMPTY, LONG);
      membership.entered().join();
      staying.put(name, membership);
    }
    watch = client.presence().watch(ROOM, watcher);
    super.start();
  }

  /// Looks at who is there since the kill, then lets guests come and go for the next one.
  @Override
  void inspect() throws Exception {
    round++;
    Set<String> expected = new TreeSet<>(staying.keySet());
    if (!lingering.isEmpty()) {
      expected.add(lingering);
    }
    compare(expected);
    open.forEach(SocketTalk::close);
    open.clear();
    String word = "round " + round;
    for (Membership membership : staying.values()) {
      membership.update(Bytes.utf8(word)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    lastWord = word;
    guests();
    move();
  }

  private void compare(Set<String> expected) {
    AtomicReference<List<Member>> seen = new AtomicReference<>(List.of());
    await(
        "who is there after round " + round,
        () -> {
          seen.set(members());
          return names(seen.get()).equals(expected);
        });
    for (Member member : seen.get()) {
      if (staying.containsKey(member.name()) && !member.data().utf8().equals(lastWord)) {
        fault("%s says '%s', not '%s'".formatted(member.name(), member.data().utf8(), lastWord));
      }
    }
    await("the watcher knows it", () -> watcher.view.get().equals(expected));
    if (!names(seen.get()).equals(expected)) {
      fault("there are %s, not %s".formatted(names(seen.get()), expected));
    }
  }

  private static Set<String> names(List<Member> members) {
    Set<String> names = new TreeSet<>();
    members.forEach(member -> names.add(member.name()));
    return names;
  }

  private List<Member> members() {
    try {
      return client.presence().members(ROOM);
    } catch (WeirException _) {
      return List.of(); // The channel finds the core that came back a moment later.
    }
  }

  /// One leaves, one dies with a short grace, one is killed with the core and has one, and one dies
  /// and lingers; who lingered before comes back to leave.
  private void guests() {
    SocketTalk talk = web.socket().orElse(null);
    if (talk == null) {
      return; // The relay was just busy; the next round has guests again.
    }
    open.add(talk);
    if (!lingering.isEmpty()) {
      enter(talk, lingering, LONG);
      leave(talk, lingering);
      lingering = "";
    }
    enter(talk, "left-" + round, LONG);
    leave(talk, "left-" + round);
    enter(talk, "killed-" + round, Duration.ofMillis(500));
    web.socket()
        .ifPresent(dying -> {
          enter(dying, "dying-" + round, Duration.ofMillis(500));
          if (enter(dying, "lingers-" + round, LONG)) {
            lingering = "lingers-" + round;
          }
          dying.close();
        });
  }

  private boolean enter(SocketTalk talk, String name, Duration grace) {
    talk.say(
        "{\"op\":\"enter\",\"ref\":\"%s\",\"topic\":\"%s\",\"member\":\"%s\",\"grace\":\"%dms\"}"
            .formatted("e" + name, ROOM, name, grace.toMillis()));
    return isHeard(talk, "e" + name, "entered");
  }

  private void leave(SocketTalk talk, String name) {
    talk.say(
        "{\"op\":\"leave\",\"ref\":\"%s\",\"topic\":\"%s\",\"member\":\"%s\"}"
            .formatted("l" + name, ROOM, name));
    isHeard(talk, "l" + name, "left");
  }

  private boolean isHeard(SocketTalk talk, String ref, String op) {
    String answer = talk.hearOf("\"ref\":\"" + ref + "\"").orElse("nothing");
    boolean isDone = answer.contains("\"op\":\"" + op + "\"");
    if (!isDone) {
      fault("expected " + op + ", heard " + answer);
    }
    return isDone;
  }

  @Override
  void audit(List<StoredMessage> stored) {
    Set<String> expected = new TreeSet<>(staying.keySet());
    if (!lingering.isEmpty()) {
      expected.add(lingering);
    }
    compare(expected);
  }

  @Override
  String told() {
    return "%d rounds of guests".formatted(round);
  }

  @Override
  public void close() {
    super.close();
    open.forEach(SocketTalk::close);
    PresenceWatch watching = watch;
    if (watching != null) {
      watching.close();
    }
  }
}
