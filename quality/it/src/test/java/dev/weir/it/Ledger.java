package dev.weir.it;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// What every source of a campaign issued and was promised: the oracle.
///
/// A source numbers its messages 1, 2, 3 … and puts `SOURCE NUMBER ` at the head of each body. An
/// ack means that exactly one copy of that number is stored. A number that was issued and never
/// acked (its edge died before the answer) may be stored once or not at all. Stored numbers of one
/// source stand in the order in which it issued them.
///
/// Where new data overtake a backlog there is one order for each lane, and a reader is not told
/// lanes. But what a lane carries is a run of the source's numbers, so that a source whose messages
/// travelled in so many lanes is found in no more ascending runs: a number stands before the one
/// below it once for each lane that was overtaken, and never within a lane.
///
/// Any thread may issue and ack; one thread audits, when all sources have stopped.
final class Ledger {
  private final Map<String, Account> accounts = new ConcurrentSkipListMap<>();

  /// One source's numbers; its monitor guards them.
  private static final class Account {
    private int issued;
    private final BitSet acked = new BitSet();
  }

  /// The next number of a source.
  int issue(String source) {
    Account account = account(source);
    synchronized (account) {
      return ++account.issued;
    }
  }

  /// A body that carries its number, padded to at least this length.
  static String body(String source, int number, int lengthChars) {
    StringBuilder body = new StringBuilder(lengthChars + 16);
    body.append(source).append(' ').append(number).append(' ');
    while (body.length() < lengthChars) {
      body.append((char) ('a' + (number + body.length()) % 26));
    }
    return body.toString();
  }

  /// Records that the source was told that this number is durable.
  void ack(String source, int number) {
    Account account = account(source);
    synchronized (account) {
      account.acked.set(number);
    }
  }

  /// Numbers issued by all sources.
  long issuedCount() {
    long sum = 0;
    for (Account account : accounts.values()) {
      synchronized (account) {
        sum += account.issued;
      }
    }
    return sum;
  }

  /// Numbers acked to all sources.
  long ackedCount() {
    long sum = 0;
    for (Account account : accounts.values()) {
      synchronized (account) {
        sum += account.acked.cardinality();
      }
    }
    return sum;
  }

  /// Numbers of one source that it has no ack for.
  int unackedCount(String source) {
    Account account = account(source);
    synchronized (account) {
      return account.issued - account.acked.cardinality();
    }
  }

  private Account account(String source) {
    return accounts.computeIfAbsent(source, _ -> new Account());
  }

  /// Compares stored bodies, in the order of the log, with what was promised.
  Verdict audit(Iterable<String> storedBodies) {
    Map<String, BitSet> seen = new TreeMap<>();
    Map<String, Integer> newest = new TreeMap<>();
    Tally tally = new Tally();
    for (String body : storedBodies) {
      String[] words = body.split(" ", 3);
      Account account = words.length < 2 ? null : accounts.get(words[0]);
      if (account == null) {
        tally.foreign++;
        tally.note("not ours: " + body);
        continue;
      }
      tally.stored++;
      int number = Integer.parseInt(words[1]);
      int last = newest.getOrDefault(words[0], 0);
      BitSet before = seen.computeIfAbsent(words[0], _ -> new BitSet());
      if (!before.get(number) && before.get(number + 1)) {
        tally.overtaken.merge(words[0], 1, Integer::sum);
      }
      if (!body.equals(body(words[0], number, body.length())) || number > account.issued) {
        tally.foreign++;
        tally.note("not as sent: " + body);
      } else if (before.get(number)) {
        tally.doubled++;
        tally.note("twice: " + words[0] + " " + number);
      } else if (number < last) {
        tally.disordered++;
        tally.note("out of order: " + words[0] + " " + number + " after " + last);
      }
      before.set(number);
      newest.put(words[0], Math.max(last, number));
    }
    accounts.forEach((source, account) -> tally.settle(source, account, seen.get(source)));
    return tally.verdict(issuedCount(), ackedCount());
  }

  /// Counts of an audit on its way.
  private static final class Tally {
    private static final int MAX_NOTES = 20;

    private long stored;
    private long lost;
    private long doubled;
    private long disordered;
    private long foreign;
    private final Map<String, Integer> overtaken = new TreeMap<>();
    private final StringBuilder notes = new StringBuilder();
    private int noteCount;

    private void note(String line) {
      if (noteCount++ < MAX_NOTES) {
        notes.append("\n  ").append(line.length() > 200 ? line.substring(0, 200) + "…" : line);
      }
    }

    private void settle(String source, Account account, @Nullable BitSet seen) {
      BitSet missing = (BitSet) account.acked.clone();
      if (seen != null) {
        missing.andNot(seen);
      }
      lost += missing.cardinality();
      if (!missing.isEmpty()) {
        note("lost of " + source + ": " + missing);
      }
    }

    private Verdict verdict(long issued, long acked) {
      return new Verdict(
          issued,
          acked,
          stored,
          lost,
          doubled,
          disordered,
          foreign,
          overtaken.values().stream().mapToInt(Integer::intValue).max().orElse(0),
          notes.toString());
    }
  }

  /// The outcome of an audit.
  ///
  /// @param issued numbers that sources issued
  /// @param acked numbers of them that were promised
  /// @param stored bodies found
  /// @param lost promised and not found
  /// @param doubled found again
  /// @param disordered found after a later number of their source
  /// @param foreign bodies that no source sent so
  /// @param overtaken how often a number of one source stands before the one below it, at the
  ///   source where that is most: 0 in one order, at most the lanes that were overtaken otherwise
  /// @param notes the first of each, for people
  record Verdict(
      long issued,
      long acked,
      long stored,
      long lost,
      long doubled,
      long disordered,
      long foreign,
      int overtaken,
      String notes) {

    boolean isClean() {
      return isWhole() && disordered == 0;
    }

    /// Whether everything is there once, in whatever order.
    boolean isWhole() {
      return lost == 0 && doubled == 0 && foreign == 0;
    }

    @Override
    public String toString() {
      return """
      issued %,d  acked %,d  stored %,d  lost %d  doubled %d  out of order %d  foreign %d  \
      runs overtaken %d%s\
      """
          .formatted(issued, acked, stored, lost, doubled, disordered, foreign, overtaken, notes);
    }
  }
}
