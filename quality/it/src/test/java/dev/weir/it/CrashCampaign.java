package dev.weir.it;

import dev.weir.base.Clock;
import dev.weir.it.Ledger.Verdict;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// kill -9 of core and edges at random moments under load, round after round, then an audit.
///
/// The load: a file that grows and an edge that tails it, programs that post to a second edge and
/// wait for each answer, and programs that publish directly with the client. A round lets a random
/// time pass, strikes, and brings back what died; one strike in four also kills what is just coming
/// back. At the end the load stops, the edges drain, and a reader that starts from the first message
/// must find everything that was acked, once and in order: `Ledger` is the oracle.
///
/// Every choice comes from one seed. The kernel's scheduling does not, so a seed repeats the kind of
/// run, not the instruction that was interrupted.
///
///     CrashCampaign [--rounds 200] [--seed N] [--directory DIR]
final class CrashCampaign {
  /// Long enough for a spool of some minutes to drain on a loaded two-core machine.
  private static final Duration DRAIN_DEADLINE = Duration.ofMinutes(20);

  /// What a round does.
  enum Strike {
    KILL_CORE,
    KILL_TAIL_EDGE,
    KILL_HTTP_EDGE,
    KILL_ALL,
    CUT_WIRE
  }

  private final Path directory;
  private final RandomGenerator random;
  private final PrintStream out;
  private final Ledger ledger = new Ledger();
  private final Map<Strike, Integer> strikes = new EnumMap<>(Strike.class);
  private int killCount;

  CrashCampaign(Path directory, long seed, PrintStream out) {
    this.directory = directory;
    this.random = Seeds.random("CrashCampaign", seed);
    this.out = out;
  }

  /// Runs it from a command line.
  static void main(String[] arguments) throws IOException {
    CampaignOptions options = CampaignOptions.parse(arguments, "rounds", 200);
    Verdict verdict =
        new CrashCampaign(options.directory(), options.seed(), System.out).run(options.length());
    options.end(verdict.isClean());
  }

  /// Runs the rounds and the audit.
  Verdict run(int rounds) throws IOException {
    Files.createDirectories(directory);
    long startNanos = Clock.SYSTEM.nanoTime();
    try (Site site = new Site(directory, launch())) {
      site.startCore();
      WeirProcess follower = site.follow("load/#");
      Path log = directory.resolve("app.log");
      List<Load> loads = new ArrayList<>();
      loads.add(new TailLoad(ledger, "tail", log));
      Member tail = site.addEdge("tail", "load/tail", "--tail", log.toString());
      int port = Site.freePort();
      Member http = site.addEdge("http", "load/http", "--http", "127.0.0.1:" + port);
      tail.awaitReady();
      http.awaitReady();
      loads.add(new HttpLoad(ledger, "post1", port));
      loads.add(new HttpLoad(ledger, "post2", port));
      loads.add(new ClientLoad(ledger, "client1", site.url()));
      loads.add(new ClientLoad(ledger, "client2", site.url()));
      loads.forEach(Load::start);
      for (int round = 1; round <= rounds; round++) {
        strike(site, tail, http);
        if (round % 10 == 0 || round == rounds) {
          out.printf(
              "round %d of %d: %,d issued, %,d acked, %d processes killed%n",
              round, rounds, ledger.issuedCount(), ledger.ackedCount(), killCount);
        }
      }
      loads.forEach(Load::stop);
      // An edge that waits to dial again would only lengthen the drain.
      bounce(site, List.of(tail, http));
      Verdict verdict = drain(site);
      followerHasItAll(site, follower);
      out.printf(
          "%d rounds %s, %d processes killed, %.1f s: %s%n",
          rounds, strikes, killCount, (Clock.SYSTEM.nanoTime() - startNanos) / 1e9, verdict);
      return verdict;
    }
  }

  private void strike(Site site, Member tail, Member http) {
    Load.waitFor(Duration.ofMillis(random.nextInt(10, 700)));
    Strike strike = Strike.values()[random.nextInt(Strike.values().length)];
    strikes.merge(strike, 1, Integer::sum);
    switch (strike) {
      case KILL_CORE -> bounce(site, List.of(site.core()));
      case KILL_TAIL_EDGE -> bounce(site, List.of(tail));
      case KILL_HTTP_EDGE -> bounce(site, List.of(http));
      case KILL_ALL -> bounce(site, List.of(site.core(), tail, http));
      case CUT_WIRE -> {
        site.relay().cut();
        Load.waitFor(Duration.ofMillis(random.nextInt(1, 400)));
        site.relay().mend();
      }
    }
  }

  /// Kills, starts again, sometimes kills once more on the way up, and waits until all are ready.
  private void bounce(Site site, List<Member> members) {
    kill(members);
    members.forEach(Member::start);
    if (random.nextInt(4) == 0) {
      Load.waitFor(Duration.ofMillis(random.nextInt(1, 1500)));
      kill(members);
      members.forEach(Member::start);
    }
    for (Member member : members) {
      if (member == site.core()) {
        site.awaitCore();
      } else {
        member.awaitReady();
      }
    }
  }

  private void kill(List<Member> members) {
    members.forEach(Member::kill);
    killCount += members.size();
  }

  /// Waits until everything that was acked has arrived, then until nothing more does, and audits.
  private Verdict drain(Site site) throws IOException {
    Verdict[] newest = {audit(site)};
    try {
      Eventually.eventually(
          "everything acked has arrived",
          DRAIN_DEADLINE,
          () -> {
            long before = newest[0].stored();
            newest[0] = audit(site);
            return newest[0].lost() == 0 && newest[0].stored() == before;
          });
    } catch (AssertionError e) {
      out.println(e.getMessage());
    }
    return newest[0];
  }

  /// What stayed subscribed all the while has seen the same messages in the same order.
  private void followerHasItAll(Site site, WeirProcess follower) throws IOException {
    List<String> stored = positions(site.stored("load/#"));
    Eventually.eventually(
        "the reader that stayed has as many messages as are stored",
        DRAIN_DEADLINE,
        () -> lineCount(follower.output()) >= stored.size());
    List<String> followed = positions(StoredMessage.readAll(follower.output()));
    if (!followed.equals(stored)) {
      throw new AssertionError(
          "a reader that stayed got %,d messages, not the %,d that are stored, or in another order"
              .formatted(followed.size(), stored.size()));
    }
  }

  private static List<String> positions(List<StoredMessage> messages) {
    return messages.stream().map(StoredMessage::position).toList();
  }

  private static long lineCount(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    }
  }

  private Launch launch() {
    // Small segments, so that kills also hit a roll.
    return new Launch(directory.resolve("core-output"))
        .environment(Map.of("WEIR__STORE__SEGMENT_BYTES", "1MiB"));
  }

  private Verdict audit(Site site) throws IOException {
    return ledger.audit(site.stored("load/#").stream().map(HttpLoad::sent).toList());
  }
}
