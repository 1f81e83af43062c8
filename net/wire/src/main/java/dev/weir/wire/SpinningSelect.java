package dev.weir.wire;

import dev.weir.base.Checks;
import dev.weir.base.Clock;
import io.netty.channel.SelectStrategy;
import io.netty.channel.SelectStrategyFactory;
import io.netty.util.IntSupplier;
import java.time.Duration;

/// Lets event loops look for events again and again for a while before their threads sleep: waking
/// a thread takes the kernel, and on a virtual machine the host, many times as long as a look does.
///
/// It costs a core for each loop that has something to do now and then: with a spin of 50 µs and
/// 5,000 events a second a quarter of one. Worth it where latency counts and cores are free; where
/// threads share cores, a loop that spins keeps them from each other.
///
/// For any loops of Netty that take a strategy, as those of [WireLoops] do but with io_uring.
public final class SpinningSelect implements SelectStrategyFactory {
  private static final Duration LONGEST = Duration.ofMillis(100);

  private final Clock clock;
  private final long spinNanos;

  private SpinningSelect(Clock clock, long spinNanos) {
    this.clock = clock;
    this.spinNanos = spinNanos;
  }

  /// @param spin since a loop last had anything to do, above 0 and up to 100 ms
  public static SpinningSelect of(Duration spin) {
    return of(spin, Clock.SYSTEM);
  }

  static SpinningSelect of(Duration spin, Clock clock) {
    Checks.argument(
        spin.isPositive() && spin.compareTo(LONGEST) <= 0,
        "spin is " + spin + ", expected above 0 and up to " + LONGEST);
    return new SpinningSelect(clock, spin.toNanos());
  }

  @Override
  public SelectStrategy newSelectStrategy() {
    return new OfOneLoop(clock, spinNanos);
  }

  /// Owned by the loop's thread.
  private static final class OfOneLoop implements SelectStrategy {
    private final Clock clock;
    private final long spinNanos;
    private long activeNanos;

    OfOneLoop(Clock clock, long spinNanos) {
      this.clock = clock;
      this.spinNanos = spinNanos;
      this.activeNanos = clock.nanoTime();
    }

    @Override
    public int calculateStrategy(IntSupplier look, boolean hasTasks) throws Exception {
      int ready = look.get();
      long now = clock.nanoTime();
      if (ready > 0 || hasTasks) {
        activeNanos = now;
        return ready;
      }
      return now - activeNanos < spinNanos ? CONTINUE : SELECT;
    }
  }
}
