package dev.weir.gateway.port;

import dev.weir.base.Clock;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How many connections one address may have, and how often it may connect: a token bucket that
/// holds a second's worth. An IPv6 address counts with its /64, which is what one customer has.
///
/// What is known of an address is forgotten once it has no connection and a full bucket, so that
/// there are never many more than there are connections. Any thread.
final class AddressLimits {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int IPV6_CUSTOMER_BYTES = 8;

  /// Often enough that memory stays bounded by the connections of a few seconds.
  private static final int SWEEP_EVERY = 1_024;

  private final int connectionLimit;
  private final int rateLimit;
  private final Clock clock;
  private final ConcurrentHashMap<Key, Account> accounts = new ConcurrentHashMap<>();
  private int untilSweep = SWEEP_EVERY;

  private record Key(int family, long prefix) {
    static Key of(InetAddress address) {
      byte[] bytes = address.getAddress();
      int length = address instanceof Inet6Address ? IPV6_CUSTOMER_BYTES : bytes.length;
      long value = 0;
      for (byte b : Arrays.copyOf(bytes, length)) {
        value = (value << 8) | (b & 0xff);
      }
      return new Key(bytes.length, value);
    }
  }

  /// Immutable, replaced whole.
  private record Account(int open, double tokens, long nanos) {}

  AddressLimits(PortLimits limits, Clock clock) {
    this.connectionLimit = limits.connectionsPerAddress();
    this.rateLimit = limits.connectionsPerSecond();
    this.clock = clock;
  }

  /// Counts a connection of an address.
  ///
  /// @return why it may not come; null when it may, and [#leave] is to be called once
  @Nullable Refusal enter(InetAddress address) {
    long now = clock.nanoTime();
    sweepSometimes(now);
    Refusal[] refusal = new Refusal[1];
    accounts.compute(
        Key.of(address),
        (_, known) -> {
          Account before = known == null ? new Account(0, rateLimit, now) : known;
          double tokens = tokens(before, now);
          if (tokens < 1) {
            refusal[0] = Refusal.TOO_OFTEN;
            return new Account(before.open, tokens, now);
          }
          if (before.open >= connectionLimit) {
            refusal[0] = Refusal.TOO_MANY_OF_ADDRESS;
            return new Account(before.open, tokens - 1, now);
          }
          return new Account(before.open + 1, tokens - 1, now);
        });
    return refusal[0];
  }

  private double tokens(Account account, long now) {
    double more = (double) (now - account.nanos) * rateLimit / SECOND_NANOS;
    return Math.min(rateLimit, account.tokens + more);
  }

  void leave(InetAddress address) {
    accounts.computeIfPresent(
        Key.of(address), (_, known) -> new Account(known.open - 1, known.tokens, known.nanos));
  }

  private void sweepSometimes(long now) {
    synchronized (this) {
      if (--untilSweep > 0) {
        return;
      }
      untilSweep = SWEEP_EVERY;
    }
    accounts.values().removeIf(account -> account.open == 0 && tokens(account, now) >= rateLimit);
  }

  /// How many addresses are known.
  int size() {
    return accounts.size();
  }
}
