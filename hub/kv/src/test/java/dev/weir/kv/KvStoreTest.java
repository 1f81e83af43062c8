package dev.weir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.testkit.ManualClock;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class KvStoreTest {
  private final SimDisk disk = new SimDisk();
  private final ManualClock clock = new ManualClock();
  private SteppedStore kv = open();

  private SteppedStore open() {
    try {
      return new SteppedStore(disk, clock);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void reopen() {
    kv.close();
    kv = open();
  }

  @Test
  void acknowledgesAWriteOnlyWhenItIsOnDisk() {
    CompletableFuture<WriteResult> written = kv.store.put("b", Bytes.utf8("k"), Bytes.utf8("v"));

    assertThat(written).isNotDone();
    assertThat(kv.get("k")).isEqualTo("-");

    kv.settle();
    assertThat(((WriteResult.Stored) written.join()).receipt().durability())
        .isEqualTo(KvReceipt.Durability.DURABLE);
    assertThat(kv.get("k")).isEqualTo("v");
  }

  @Test
  void putsManyWritesIntoOneCommit() {
    kv.put("first", "1");
    long before = kv.store.stats().log().commits();
    List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      writes.add(kv.store.put("b", Bytes.utf8("k" + i), Bytes.utf8("v")));
    }

    kv.settle();

    assertThat(writes).allMatch(CompletableFuture::isDone);
    assertThat(kv.store.stats().log().commits()).isEqualTo(before + 1);
  }

  @Test
  void givesRevisionsThatRise() {
    long first = kv.revisionOfPut("a", "1");
    long second = kv.revisionOfPut("b", "2");

    reopen();

    assertThat(second).isGreaterThan(first);
    assertThat(kv.revisionOfPut("a", "3")).isGreaterThan(second);
  }

  @Test
  void findsEverythingAgainAfterAStart() {
    kv.put("a", "1");
    kv.put("a", "2");
    kv.put("b", "3");
    kv.delete("b");

    reopen();

    assertThat(kv.get("a")).isEqualTo("2");
    assertThat(kv.get("b")).isEqualTo("-");
    assertThat(kv.delete("b")).isEqualTo(new WriteResult.Absent());
  }

  @Test
  void comparesTheRevisionBeforeItWrites() {
    long first = kv.revisionOfPut("a", "1");

    assertThat(kv.putIf("a", "2", 0)).isEqualTo(new WriteResult.Conflict(first));
    assertThat(kv.putIf("a", "2", first)).isInstanceOf(WriteResult.Stored.class);
    assertThat(kv.putIf("a", "3", first)).isInstanceOf(WriteResult.Conflict.class);
    assertThat(kv.putIf("new", "1", 7)).isEqualTo(new WriteResult.Conflict(0));
    assertThat(kv.putIf("new", "1", 0)).isInstanceOf(WriteResult.Stored.class);
    assertThat(kv.get("a")).isEqualTo("2");
  }

  @Test
  void letsOneOfManyRacingWritersWin() {
    long first = kv.revisionOfPut("a", "0");
    List<CompletableFuture<WriteResult>> races = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      races.add(kv.store.put("b", Bytes.utf8("a"), Bytes.utf8("w" + i), first, Optional.empty()));
    }

    kv.settle();

    List<WriteResult> results = races.stream().map(CompletableFuture::join).toList();
    assertThat(results.getFirst()).isInstanceOf(WriteResult.Stored.class);
    assertThat(results.subList(1, 10)).allMatch(r -> r instanceof WriteResult.Conflict);
    assertThat(kv.get("a")).isEqualTo("w0");
  }

  @Test
  void judgesAfterADeletionThatIsOnItsWay() {
    kv.put("a", "1");
    var deletion = kv.store.delete("b", Bytes.utf8("a"), KvStore.ANY);
    var early = kv.store.put("b", Bytes.utf8("a"), Bytes.utf8("2"), 0, Optional.empty());

    kv.settle();

    assertThat(deletion.join()).isInstanceOf(WriteResult.Stored.class);
    assertThat(early.join()).isInstanceOf(WriteResult.Conflict.class);
    assertThat(kv.putIf("a", "2", 0)).isInstanceOf(WriteResult.Stored.class);
  }

  @Test
  void keepsTheHistoryThatABucketAsksFor() {
    kv.outcome(kv.store.configure("b", new BucketConfig(3, Duration.ZERO)));
    for (int i = 1; i <= 5; i++) {
      kv.put("a", "v" + i);
    }
    kv.delete("a");

    reopen();

    List<KvHead> history = kv.store.history("b", Bytes.utf8("a"));
    assertThat(history)
        .extracting(KvHead::kind)
        .containsExactly(KvKind.PUT, KvKind.PUT, KvKind.DELETE);
    assertThat(kv.get("a", history.getFirst().revision())).isEqualTo("v4");
    assertThat(kv.get("a")).isEqualTo("-");
  }

  @Test
  void listsKeysByPrefixInPages() {
    for (String key : List.of("a/2", "b/1", "a/1", "a/3", "a")) {
      kv.put(key, "v");
    }
    kv.delete("a/2");

    assertThat(keys("a/", "", 10)).containsExactly("a/1", "a/3");
    assertThat(keys("", "", 2)).containsExactly("a", "a/1");
    assertThat(keys("", "a/1", 10)).containsExactly("a/3", "b/1");
    assertThat(keys("zz", "", 10)).isEmpty();
  }

  private List<String> keys(String prefix, String after, int max) {
    return kv.store.keys("b", Bytes.utf8(prefix), Bytes.utf8(after), max).stream()
        .map(head -> head.key().utf8())
        .toList();
  }

  @Test
  void endsAValueAtItsTime() {
    kv.putFor("a", "1", Duration.ofSeconds(10));

    clock.advance(Duration.ofMillis(9_999));
    assertThat(kv.get("a")).isEqualTo("1");

    clock.advanceMillis(1);
    assertThat(kv.get("a")).isEqualTo("-");
    assertThat(keys("", "", 10)).isEmpty();
    assertThat(kv.putIf("a", "2", 0)).isInstanceOf(WriteResult.Stored.class);
  }

  @Test
  void endsValuesAfterAStartToo() {
    kv.outcome(kv.store.configure("b", new BucketConfig(2, Duration.ofSeconds(10))));
    kv.put("a", "1");
    reopen();
    clock.advance(Duration.ofSeconds(10));

    kv.settle();

    assertThat(kv.store.history("b", Bytes.utf8("a")))
        .extracting(KvHead::kind)
        .containsExactly(KvKind.PUT, KvKind.EXPIRE);
  }

  @Test
  void refusesWhatIsTooLargeOrNamedWrongly() {
    Bytes key = Bytes.utf8("k");
    assertThatThrownBy(() -> kv.store.put("b", key, Bytes.wrap(new byte[8193])))
        .isInstanceOf(WeirException.class)
        .hasMessageContaining("8193");
    assertThatThrownBy(() -> kv.store.put("b", Bytes.wrap(new byte[1025]), key))
        .hasMessageContaining("1025");
    assertThatThrownBy(() -> kv.store.put("b", Bytes.EMPTY, key)).hasMessageContaining("0 bytes");
    for (String name : List.of("", "a+b", "#", "$sys", "a\u0001", "x".repeat(256))) {
      assertThatThrownBy(() -> kv.store.put(name, key, key)).isInstanceOf(WeirException.class);
    }
  }
}
