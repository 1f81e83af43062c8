package dev.weir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.testkit.ManualClock;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CompactionTest {
  private static final String LARGE = "x".repeat(4000);

  private final SimDisk disk = new SimDisk();
  private final ManualClock clock = new ManualClock();
  private SteppedStore kv;

  @BeforeEach
  void open() throws IOException {
    kv = new SteppedStore(disk, clock);
  }

  /// Rounds of compaction, with writes between them so that segments end.
  static void rounds(SteppedStore kv, int count) {
    for (int round = 0; round < count; round++) {
      for (int i = 0; i < 20; i++) {
        kv.put("filler", LARGE);
      }
      kv.store.compact();
      kv.settle();
    }
  }

  @Test
  void keepsTheLogSmallWhenKeysAreWrittenAgainAndAgain() {
    for (int i = 0; i < 1000; i++) {
      kv.put("k" + i % 10, LARGE + i);
    }

    assertThat(kv.store.stats().log().bytes()).isLessThan(10 * 65_536L);
    assertThat(kv.store.stats().log().firstOffset()).isPositive();
    for (int i = 990; i < 1000; i++) {
      assertThat(kv.get("k" + i % 10)).isEqualTo(LARGE + i);
    }
  }

  @Test
  void keepsRevisionsOfWhatItCopies() throws IOException {
    long revision = kv.revisionOfPut("old", "1");
    rounds(kv, 5);
    assertThat(kv.store.stats().log().firstOffset()).isGreaterThan(revision);

    kv.close();
    open();

    assertThat(kv.get("old", revision)).isEqualTo("1");
    assertThat(kv.putIf("old", "2", revision)).isInstanceOf(WriteResult.Stored.class);
  }

  @Test
  void keepsTheConfigurationAndHistoryOfABucket() throws IOException {
    kv.outcome(kv.store.configure("b", new BucketConfig(2, Duration.ZERO)));
    kv.put("old", "1");
    kv.put("old", "2");
    rounds(kv, 5);

    kv.close();
    open();
    kv.put("old", "3");

    assertThat(kv.store.history("b", Bytes.utf8("old"))).hasSize(2);
    assertThat(kv.get("old")).isEqualTo("3");
  }

  @Test
  void rememberesDeletionsForTheirTimeOnly() throws IOException {
    kv.outcome(kv.store.configure("b", new BucketConfig(2, Duration.ZERO)));
    kv.put("gone", "1");
    kv.delete("gone");
    rounds(kv, 5);
    assertThat(kv.store.history("b", Bytes.utf8("gone"))).hasSize(2);

    clock.advance(Duration.ofDays(2));
    rounds(kv, 5);
    assertThat(kv.store.history("b", Bytes.utf8("gone"))).isEmpty();

    kv.close();
    open();
    assertThat(kv.get("gone")).isEqualTo("-");
    assertThat(kv.store.history("b", Bytes.utf8("gone"))).isEmpty();
  }

  @Test
  void writesNoSnapshotOfAnIndexThatIsTooLarge() throws IOException {
    for (int i = 0; i < 2000; i++) {
      var _ = kv.store.put("b", Bytes.utf8("key-" + i), Bytes.utf8("v" + i));
    }
    kv.settle();
    rounds(kv, 3);

    kv.close();
    open();

    assertThat(kv.get("key-0")).isEqualTo("v0");
    assertThat(kv.get("key-1999")).isEqualTo("v1999");
    assertThat(kv.get("filler")).isEqualTo(LARGE);
  }
}
