package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.it.Ledger.Verdict;
import dev.weir.lab.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A core whose process is frozen and a network that stalls in one direction: no socket closes and
/// no reset arrives, only silence. The edge takes messages all the while, notices by itself, and
/// brings everything over, once.
final class FrozenCoreTest {
  @TempDir private Path directory;

  private final Ledger ledger = new Ledger();
  private Site site;
  private HttpLoad load;

  @BeforeEach
  void startUnderLoad() throws IOException {
    Launch core =
        new Launch(directory.resolve("core-output"))
            .environment(Map.of("WEIR__FLOW__HEARTBEAT", "300ms"));
    site = new Site(directory, core);
    site.startCore();
    int port = Site.freePort();
    site.addEdge("http", "posted", "--http", "127.0.0.1:" + port).awaitReady();
    load = new HttpLoad(ledger, "post", port);
    load.start();
    eventually("messages reach the core", () -> !site.stored("#").isEmpty());
  }

  @AfterEach
  void close() {
    load.close();
    site.close();
  }

  @Test
  void edgeLeavesAFrozenCoreAndComesBack() throws IOException {
    site.core().process().freeze();
    leavesTheConnectionWhileTakingMessages();
    site.core().process().thaw();

    everythingArrivesOnce();
  }

  @Test
  void edgeLeavesWhenNoAnswersComeBack() throws IOException {
    site.relay().stall(Way.BACK);
    leavesTheConnectionWhileTakingMessages();
    site.relay().mend();

    everythingArrivesOnce();
  }

  @Test
  void edgeLeavesWhenItsOwnBytesNoLongerMove() throws IOException {
    site.relay().stall(Way.OUT);
    leavesTheConnectionWhileTakingMessages();
    site.relay().mend();

    everythingArrivesOnce();
  }

  private void leavesTheConnectionWhileTakingMessages() {
    long connectionsBefore = site.relay().acceptedCount();
    long ackedBefore = ledger.ackedCount();
    eventually("it dials again", () -> site.relay().acceptedCount() > connectionsBefore);
    eventually("it still takes messages", () -> ledger.ackedCount() > ackedBefore + 100);
  }

  private void everythingArrivesOnce() throws IOException {
    load.stop();
    eventually("everything acked arrives", () -> audit().lost() == 0);
    Verdict verdict = audit();
    assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
  }

  private Verdict audit() throws IOException {
    return ledger.audit(site.stored("#").stream().map(HttpLoad::sent).toList());
  }
}
