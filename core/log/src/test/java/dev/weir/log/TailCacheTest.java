package dev.weir.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TailCacheTest {
  private final TailCache cache = new TailCache(LogConfig.DEFAULT_TAIL_CACHE_BYTES.bytes());

  private void put(long segment, long position, int bytes) {
    cache.put(
        segment,
        position,
        position + 100,
        new LogEvent.Frame(
            FrameType.DATA,
            0,
            0,
            position / 100,
            1,
            0,
            0,
            0,
            0,
            0,
            Bytes.EMPTY,
            Bytes.wrap(new byte[bytes])),
        List.of());
  }

  @Test
  void findsFramesByTheirPlace() {
    for (int i = 0; i < 10; i++) {
      put(i < 5 ? 1 : 2, i * 100L, 1);
    }

    assertThat(cache.find(1, 0)).isZero();
    assertThat(cache.find(1, 300)).isEqualTo(3);
    assertThat(cache.find(1, 301)).isEqualTo(4);
    assertThat(cache.find(1, 1_000)).isEqualTo(5);
    assertThat(cache.find(2, 900)).isEqualTo(9);
    assertThat(cache.find(2, 1_000)).isEqualTo(10);
    assertThat(cache.at(10)).isNull();
  }

  @Test
  void doesNotAnswerForPlacesBeforeWhatItHolds() {
    put(2, 500, 1);

    assertThat(cache.find(1, 0)).isEqualTo(-1);
    assertThat(cache.find(2, 400)).isEqualTo(-1);
    assertThat(cache.find(2, 500)).isZero();
  }

  @Test
  void holdsABoundedNumberOfBytes() {
    for (int i = 0; i < 40; i++) {
      put(1, i * 100L, 1 << 20);
    }

    assertThat(cache.at(39)).isNotNull();
    assertThat(cache.at(33)).isNotNull();
    assertThat(cache.at(31)).isNull();
    assertThat(cache.find(1, 3_000)).isEqualTo(-1);
  }

  @Test
  void holdsABoundedNumberOfFrames() {
    for (int i = 0; i < 20_000; i++) {
      put(1, i * 100L, 1);
    }

    assertThat(cache.at(19_999 - 8_191)).isNotNull();
    assertThat(cache.at(19_999 - 8_192)).isNull();
  }

  @Test
  void keepsOneFrameHoweverLarge() {
    put(1, 0, 20 << 20);

    assertThat(cache.at(0)).isNotNull();
    put(1, 100, 1);
    assertThat(cache.at(0)).isNull();
    assertThat(cache.at(1)).isNotNull();
  }
}
