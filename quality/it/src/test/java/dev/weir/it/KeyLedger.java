package dev.weir.it;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a queue ordered by key promised: of each key the numbers 1, 2, 3 …, one at a time and in
/// order, each again until one acks it, and never once an ack was confirmed.
///
/// An ack whose answer was lost may have counted or not: its number may come once more, the next
/// number may come instead. Any thread.
final class KeyLedger {
  private final Map<String, Account> accounts = new TreeMap<>();

  /// The numbers of one key.
  private static final class Account {
    private int issued;
    private int acking;
    private int acked;
  }

  private Account account(String key) {
    return accounts.computeIfAbsent(key, _ -> new Account());
  }

  /// The next number of a key, to be published.
  synchronized int issue(String key) {
    return ++account(key).issued;
  }

  /// A message was handed out.
  ///
  /// @return what is wrong with that
  synchronized Optional<String> delivered(String key, int number) {
    Account account = account(key);
    if (number <= account.acked) {
      return Optional.of(
          "%s %d came although the ack of %d was confirmed".formatted(key, number, account.acked));
    }
    if (number > account.acking + 1) {
      return Optional.of(
          "%s %d came although nobody had acked %d".formatted(key, number, account.acking + 1));
    }
    if (number > account.issued) {
      return Optional.of("%s %d was never published".formatted(key, number));
    }
    return Optional.empty();
  }

  /// Somebody says that it is dealt with.
  synchronized void acking(String key, int number) {
    Account account = account(key);
    account.acking = Math.max(account.acking, number);
  }

  /// The core confirmed it.
  synchronized void acked(String key, int number) {
    Account account = account(key);
    account.acked = Math.max(account.acked, number);
  }

  /// Messages that nobody has acked yet.
  synchronized long left() {
    return accounts.values().stream().mapToLong(account -> account.issued - account.acking).sum();
  }

  synchronized long issued() {
    return accounts.values().stream().mapToLong(account -> account.issued).sum();
  }

  @Override
  public synchronized String toString() {
    StringBuilder text = new StringBuilder();
    accounts.forEach((key, account) -> {
      if (account.acking < account.issued) {
        text.append(" %s: %d of %d".formatted(key, account.acking, account.issued));
      }
    });
    return text.isEmpty() ? "all acked" : "acked only" + text;
  }
}
