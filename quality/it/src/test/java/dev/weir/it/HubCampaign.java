package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;

import dev.weir.base.Clock;
import dev.weir.client.WeirClient;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// kill -9 of one core at random moments under everything a hub does at once, round after round,
/// then an audit: topics with cursors, a queue in order of keys, delayed tasks, retained messages,
/// presence and atomic batches, over gRPC, REST, events and WebSockets.
///
/// A round waits until each [Claim] has moved since the last kill, looks at what must hold at any
/// moment, lets a random time pass and kills; one in four kills again on the way up. At the end the
/// senders stop, what was sent arrives, the core is killed once more, and each claim audits itself.
///
/// Every choice comes from one seed. The kernel's scheduling does not, so a seed repeats the kind of
/// run, not the instruction that was interrupted.
///
///     HubCampaign [--rounds 100] [--seed N] [--directory DIR]
final class HubCampaign {
  private final Path directory;
  private final long seed;
  private final RandomGenerator random;
  private final PrintStream out;
  private int killCount;

  HubCampaign(Path directory, long seed, PrintStream out) {
    this.directory = directory;
    this.seed = seed;
    this.random = Seeds.random("HubCampaign", seed);
    this.out = out;
  }

  /// Runs it from a command line.
  static void main(String[] arguments) throws Exception {
    CampaignOptions options = CampaignOptions.parse(arguments, "rounds", 100);
    List<String> faults =
        new HubCampaign(options.directory(), options.seed(), System.out).run(options.length());
    options.end(faults.isEmpty());
  }

  /// Runs the rounds and the audit.
  ///
  /// @return what was found broken
  List<String> run(int rounds) throws Exception {
    Files.createDirectories(directory);
    long startNanos = Clock.SYSTEM.nanoTime();
    // Small segments, so that kills also hit a roll.
    Launch launch =
        new Launch(directory.resolve("core-output"))
            .environment(Map.of("WEIR__STORE__SEGMENT_BYTES", "1MiB"));
    try (Site site = new Site(directory, launch)) {
      site.startCore();
      try (WebDoors web = new WebDoors(site.authority());
          WeirClient first = WeirClient.connect(URI.create(site.url()));
          WeirClient second = WeirClient.connect(URI.create(site.url()))) {
        List<Claim> claims =
            List.of(
                new FanOutClaim(first, web, seed),
                new KeyedClaim(second, web, seed),
                new TimerClaim(second, web, seed),
                new RetainedClaim(first, web, seed),
                new TogetherClaim(second, web, seed),
                new PresenceClaim(first, web));
        try {
          rounds(site, claims, rounds);
          finish(site, claims);
        } finally {
          claims.forEach(Claim::close);
        }
        return told(claims, rounds, startNanos);
      }
    }
  }

  private void rounds(Site site, List<Claim> claims, int rounds) throws Exception {
    claims.forEach(Claim::start);
    for (int round = 1; round <= rounds; round++) {
      long[] before = claims.stream().mapToLong(Claim::moves).toArray();
      for (int i = 0; i < before.length; i++) {
        Claim claim = claims.get(i);
        claim.inspect();
        long then = before[i];
        eventually(claim.name() + " moves", Claim.PATIENCE, () -> claim.moves() > then);
      }
      Load.waitFor(Duration.ofMillis(random.nextInt(1, 700)));
      bounce(site);
      if (round % 10 == 0 || round == rounds) {
        out.printf("round %d of %d: %d cores killed%n", round, rounds, killCount);
      }
      if (claims.stream().anyMatch(Claim::isBroken)) {
        return;
      }
    }
  }

  /// Kills, starts again, sometimes kills once more on the way up, and waits until it is ready.
  private void bounce(Site site) {
    kill(site);
    if (random.nextInt(4) == 0) {
      Load.waitFor(Duration.ofMillis(random.nextInt(1, 1500)));
      kill(site);
    }
    site.awaitCore();
  }

  private void kill(Site site) {
    site.core().kill();
    site.core().start();
    killCount++;
  }

  private void finish(Site site, List<Claim> claims) throws Exception {
    claims.forEach(Claim::stopSending);
    claims.forEach(Claim::drain);
    kill(site);
    site.awaitCore();
    List<StoredMessage> stored = site.stored("mix/#");
    for (Claim claim : claims) {
      claim.audit(stored);
    }
    claims.forEach(Claim::stopTaking);
  }

  private List<String> told(List<Claim> claims, int rounds, long startNanos) throws IOException {
    List<String> faults = new ArrayList<>();
    for (Claim claim : claims) {
      out.println(claim.name() + ": " + claim.told());
      faults.addAll(claim.faults());
    }
    faults.forEach(out::println);
    try (Stream<Path> files = Files.walk(directory.resolve("core"))) {
      long bytes =
          files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
      out.printf(
          "%d rounds, %d cores killed, %,d bytes stored, %.1f s: %s%n",
          rounds,
          killCount,
          bytes,
          (Clock.SYSTEM.nanoTime() - startNanos) / 1e9,
          faults.isEmpty() ? "clean" : faults.size() + " faults");
    }
    return faults;
  }
}
