package dev.weir.broker.presence;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.LocalBroker;
import dev.weir.broker.LocalBrokerConfig;
import dev.weir.broker.Presence;
import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceHolder;
import dev.weir.broker.PresenceView;
import dev.weir.broker.PresenceWatch;
import dev.weir.broker.embedded.EmbeddedEngine;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.log.FileDisk;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LocalPresenceTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(20);

  @TempDir Path directory;
  private LocalBroker broker;

  @BeforeEach
  void open() {
    try {
      broker =
          LocalBroker.open(
              EmbeddedEngine.open(EmbeddedEngineConfig.of(directory), new FileDisk(), Clock.SYSTEM),
              Clock.SYSTEM,
              LocalBrokerConfig.defaults());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() {
    broker.close();
  }

  private Presence presence() {
    return broker.presence();
  }

  private PresenceHolder hold() {
    return presence().hold("");
  }

  private static long join(CompletionStage<Long> done) {
    return done.toCompletableFuture().join();
  }

  private static long enter(PresenceHolder holder, String name, String data, Duration grace) {
    return join(holder.enter("room", name, Bytes.utf8(data), grace));
  }

  private static ErrorCode code(CompletionStage<Long> failed) {
    try {
      var _ = join(failed);
    } catch (CompletionException e) {
      return e.getCause() instanceof WeirException known ? known.code() : ErrorCode.BUG;
    }
    throw new AssertionError("it did not fail");
  }

  private Watcher watch(long since) {
    Watcher watcher = new Watcher();
    presence().watch("room", since, watcher);
    return watcher.awaitView();
  }

  private PresenceView view(String topic) {
    return presence().members(topic).toCompletableFuture().join();
  }

  /// Each change follows the one before.
  private static void assertGapless(Watcher watcher) {
    long last = watcher.views.getFirst().sequence();
    for (PresenceChange change : watcher.changes) {
      assertThat(change.previous()).isEqualTo(last);
      assertThat(change.sequence()).isGreaterThan(last);
      last = change.sequence();
    }
  }

  @Test
  void tellsWhoIsThereAndThenEachChange() {
    PresenceHolder anna = hold();
    enter(anna, "anna", "1", LONG);
    Watcher watcher = watch(0);
    PresenceHolder bert = hold();
    enter(bert, "bert", "", LONG);
    join(anna.update("room", "anna", Bytes.utf8("2")));
    join(anna.update("room", "anna", Bytes.utf8("2")));
    join(bert.enter("elsewhere", "bert", Bytes.EMPTY, LONG));
    join(bert.leave("room", "bert"));

    watcher.await(3);
    assertThat(watcher.views.getFirst().members()).hasSize(1);
    assertThat(watcher.told()).containsExactly("entered bert=", "updated anna=2", "left bert=");
    assertGapless(watcher);
    assertThat(view("room").members()).extracting(each -> each.name()).containsExactly("anna");
    assertThat(view("elsewhere").members()).hasSize(1);
    assertThat(view("nowhere").members()).isEmpty();
  }

  @Test
  void aMemberWhoseConnectionDiesLeavesAfterItsGrace() {
    Watcher watcher = watch(0);
    PresenceHolder holder = hold();
    enter(holder, "anna", "", SHORT);
    holder.close();
    holder.close();

    watcher.await(2);
    assertThat(watcher.told()).containsExactly("entered anna=", "left anna=");
    assertThat(code(holder.enter("room", "x", Bytes.EMPTY, LONG)))
        .isEqualTo(ErrorCode.CONNECTION_LOST);
  }

  @Test
  void whoComesBackWithinItsGraceNeverLeft() {
    Watcher watcher = watch(0);
    PresenceHolder first = hold();
    enter(first, "anna", "1", LONG);
    first.close();
    PresenceHolder second = hold();
    enter(second, "anna", "1", LONG);
    enter(second, "anna", "2", LONG);

    watcher.await(2);
    assertThat(watcher.told()).containsExactly("entered anna=1", "updated anna=2");
  }

  @Test
  void isThereWhileAnyConnectionHoldsIt() {
    Watcher watcher = watch(0);
    PresenceHolder one = hold();
    PresenceHolder two = hold();
    enter(one, "anna", "", Duration.ZERO);
    enter(two, "anna", "", Duration.ZERO);
    one.close();
    enter(two, "last", "", LONG);
    assertThat(watcher.told()).doesNotContain("left anna=");
    join(two.leave("room", "anna"));

    watcher.await(3);
    assertThat(watcher.told()).containsExactly("entered anna=", "entered last=", "left anna=");
  }

  @Test
  void tellsWhoComesBackWhetherItMissedSomething() {
    PresenceHolder holder = hold();
    enter(holder, "anna", "", LONG);
    long seen = watch(0).sequence();

    Watcher same = watch(seen);
    assertThat(same.views.getFirst().hasMissed()).isFalse();
    assertThat(same.views.getFirst().members()).isEmpty();
    join(holder.update("room", "anna", Bytes.utf8("new")));
    Watcher behind = watch(seen);
    assertThat(behind.views.getFirst().hasMissed()).isTrue();
    assertThat(behind.known()).containsEntry("anna", "new");
  }

  @Test
  void aForgottenTopicIsNeverTakenForAnUnchangedOne() {
    PresenceHolder holder = hold();
    long entered = enter(holder, "anna", "", LONG);
    join(holder.leave("room", "anna"));

    Watcher watcher = watch(entered);
    assertThat(watcher.views.getFirst().hasMissed()).isTrue();
    assertThat(watcher.known()).isEmpty();
    for (int i = 0; i < 3; i++) {
      join(holder.enter("other" + i, "x", Bytes.EMPTY, LONG));
      join(holder.leave("other" + i, "x"));
    }
    enter(holder, "anna", "", LONG);
    watcher.await(1);
    assertGapless(watcher);
  }

  @Test
  void refusesWhatMayNotBe() {
    PresenceHolder anna = presence().hold("anna");
    enter(anna, "a", "", LONG);

    assertThat(code(presence().hold("bert").enter("room", "a", Bytes.EMPTY, LONG)))
        .isEqualTo(ErrorCode.NOT_PERMITTED);
    assertThat(code(anna.update("room", "b", Bytes.EMPTY))).isEqualTo(ErrorCode.MALFORMED);
    assertThat(code(hold().leave("room", "a"))).isEqualTo(ErrorCode.MALFORMED);
    assertThat(code(anna.enter("$queue/a", "a", Bytes.EMPTY, LONG)))
        .isEqualTo(ErrorCode.INVALID_TOPIC);
    for (CompletionStage<Long> failed :
        List.of(
            anna.enter("room", "", Bytes.EMPTY, LONG),
            anna.enter("room", "x".repeat(65), Bytes.EMPTY, LONG),
            anna.enter("room", "a\nb", Bytes.EMPTY, LONG),
            anna.enter("room", "x", Bytes.wrap(new byte[4_097]), LONG),
            anna.enter("room", "x", Bytes.EMPTY, Duration.ofHours(1)))) {
      assertThatThrownBy(() -> join(failed)).hasCauseInstanceOf(IllegalArgumentException.class);
    }
    assertThat(view("room").members()).hasSize(1);
    assertThatThrownBy(() -> presence().watch("a/#", 0, new Watcher()))
        .isInstanceOf(WeirException.class);
  }

  @Test
  void aConnectionHoldsNoMoreThanItMay() {
    PresenceHolder holder = hold();
    for (int i = 0; i < 1_000; i++) {
      var _ = holder.enter("room", "m" + i, Bytes.EMPTY, Duration.ZERO);
    }
    assertThat(code(holder.enter("room", "one more", Bytes.EMPTY, LONG)))
        .isEqualTo(ErrorCode.OVERLOADED);
    enter(holder, "m1", "it is held already", Duration.ZERO);
    assertThat(view("room").members()).hasSize(1_000);
  }

  @Test
  void aClosedWatchHearsNothing() {
    Watcher watcher = new Watcher();
    PresenceWatch watch = presence().watch("room", 0, watcher);
    watcher.awaitView();
    watch.close();
    enter(hold(), "anna", "", LONG);
    Watcher other = watch(0);

    assertThat(other.known()).containsKey("anna");
    assertThat(watcher.changes).isEmpty();
    broker.close();
    assertThat(watcher.ends).isEmpty();
    assertThat(other.ends).hasSize(1);
  }

  @Test
  void membersAreThereAfterAStartAndLeaveUnlessTheyComeBack() {
    PresenceHolder holder = presence().hold("u");
    enter(holder, "back", "b", LONG);
    long seen = enter(holder, "gone", "g", Duration.ofSeconds(1));
    broker.close();
    open();
    Watcher watcher = watch(seen);
    assertThat(watcher.views.getFirst().hasMissed()).isFalse();
    join(presence().hold("u").enter("room", "back", Bytes.utf8("b"), LONG));

    watcher.await(1);
    assertThat(watcher.told()).containsExactly("left gone=g");
    assertGapless(watcher);
    assertThat(view("room").members())
        .singleElement()
        .satisfies(each -> assertThat(each.user()).isEqualTo("u"));
  }

  @Test
  void aCoreWithoutPresenceHasNoFileOfIt() {
    assertThat(view("room").members()).isEmpty();
    assertThat(directory.resolve("main").resolve("presence")).doesNotExist();
    enter(hold(), "anna", "", LONG);
    assertThat(Files.isDirectory(directory.resolve("main").resolve("presence"))).isTrue();
  }

  /// Random histories with restarts, against a map.
  @Test
  void agreesWithAMapWhateverHappens() {
    RandomGenerator random = Seeds.random("agreesWithAMapWhateverHappens");
    Map<String, String> model = new TreeMap<>();
    Map<PresenceHolder, Set<String>> holders = new HashMap<>();
    Watcher watcher = watch(0);
    for (int i = 0; i < 400; i++) {
      int dice = random.nextInt(100);
      if (dice < 2) {
        long seen = watcher.sequence();
        Map<String, String> known = watcher.known();
        broker.close();
        open();
        holders.clear();
        watcher = watch(0);
        assertThat(watcher.sequence()).isGreaterThanOrEqualTo(seen);
        assertThat(watcher.known()).isEqualTo(known).isEqualTo(model);
        continue;
      }
      PresenceHolder holder = someone(random, holders);
      String name = "m" + random.nextInt(8);
      String data = "" + random.nextInt(3);
      Set<String> held = Objects.requireNonNull(holders.get(holder));
      if (dice < 60) {
        enter(holder, name, data, LONG);
        held.add(name);
        model.put(name, data);
      } else if (held.contains(name)) {
        join(holder.leave("room", name));
        held.remove(name);
        if (holders.values().stream().noneMatch(each -> each.contains(name))) {
          model.remove(name);
        }
      }
    }

    Watcher last = watcher;
    eventually("it knows what is so", () -> last.known().equals(model));
    assertGapless(last);
  }

  private PresenceHolder someone(RandomGenerator random, Map<PresenceHolder, Set<String>> all) {
    List<PresenceHolder> known = new ArrayList<>(all.keySet());
    if (known.size() < 3) {
      PresenceHolder fresh = hold();
      all.put(fresh, new HashSet<>());
      return fresh;
    }
    return known.get(random.nextInt(known.size()));
  }
}
