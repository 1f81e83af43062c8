package dev.weir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.testkit.ManualClock;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WatchTest {
  private final SimDisk disk = new SimDisk();
  private final ManualClock clock = new ManualClock();
  private SteppedStore kv;

  @BeforeEach
  void open() throws IOException {
    kv = new SteppedStore(disk, clock);
  }

  @Test
  void tellsWhatIsThereThenWhatHappens() {
    kv.put("a", "1");
    kv.put("b", "2");
    AtomicInteger news = new AtomicInteger();
    KvWatch watch = kv.store.watch("b", Bytes.EMPTY, 0, news::incrementAndGet);

    assertThat(told(watch)).containsExactly("a=1", "b=2", "synced");
    kv.put("a", "3");
    kv.delete("b");

    assertThat(news).hasValue(2);
    assertThat(told(watch)).containsExactly("a=3", "b DELETE");
    watch.close();
    assertThat(kv.store.stats().watchers()).isZero();
  }

  @Test
  void tellsOnlyTheKeysWithThePrefix() {
    KvWatch watch = kv.store.watch("b", Bytes.utf8("x/"), -1, () -> {});

    kv.put("x/1", "1");
    kv.put("y/1", "2");

    assertThat(told(watch)).containsExactly("x/1=1", "synced");
  }

  @Test
  void beginsWithWhatComesWhenAskedTo() {
    kv.put("a", "1");
    KvWatch watch = kv.store.watch("b", Bytes.EMPTY, -1, () -> {});

    assertThat(told(watch)).containsExactly("synced");
  }

  @Test
  void goesOnBehindARevisionAfterAStart() throws IOException {
    long seen = kv.revisionOfPut("a", "1");
    kv.put("b", "2");
    kv.delete("a");
    kv.close();
    open();

    KvWatch watch = kv.store.watch("b", Bytes.EMPTY, seen, () -> {});

    assertThat(told(watch)).containsExactly("b=2", "a DELETE", "synced");
  }

  @Test
  void tellsTheEndOfAValue() {
    KvWatch watch = kv.store.watch("b", Bytes.EMPTY, 0, () -> {});
    kv.putFor("a", "1", Duration.ofSeconds(1));
    clock.advance(Duration.ofSeconds(1));
    kv.settle();

    assertThat(told(watch)).containsExactly("a EXPIRE", "synced");
  }

  @Test
  void tellsASlowWatcherTheNewestRevisionOfAKey() {
    KvWatch watch = kv.store.watch("b", Bytes.EMPTY, 0, () -> {});

    for (int i = 0; i < 1000; i++) {
      kv.put("a", "v" + i);
    }

    assertThat(told(watch)).containsExactly("a=v999", "synced");
  }

  @Test
  void saysThatDeletionsAreForgotten() throws IOException {
    long seen = kv.revisionOfPut("gone", "1");
    kv.delete("gone");
    kv.put("a", "1");
    clock.advance(Duration.ofDays(2));
    CompactionTest.rounds(kv, 4);
    kv.close();
    open();

    KvWatch watch = kv.store.watch("b", Bytes.utf8("a"), seen, () -> {});

    assertThat(told(watch)).containsExactly("forgotten", "a=1", "synced");
  }

  private static List<String> told(KvWatch watch) {
    List<String> events = new ArrayList<>();
    for (KvEvent event = watch.next(); event != null; event = watch.next()) {
      events.add(
          switch (event) {
            case KvEvent.Change(KvEntry e) ->
                e.key().utf8() + (e.kind() == KvKind.PUT ? "=" + e.value().utf8() : " " + e.kind());
            case KvEvent.Forgotten _ -> "forgotten";
            case KvEvent.Synced _ -> "synced";
          });
    }
    return events;
  }
}
