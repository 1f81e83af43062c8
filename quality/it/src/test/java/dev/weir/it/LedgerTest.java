package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.it.Ledger.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The oracle sees each kind of failure; otherwise a campaign proves nothing.
final class LedgerTest {
  private final Ledger ledger = new Ledger();
  private final List<String> log = new ArrayList<>();

  @BeforeEach
  void issueThreeOfEachAndAckTwo() {
    for (String source : List.of("a", "b")) {
      for (int i = 0; i < 3; i++) {
        int number = ledger.issue(source);
        log.add(Ledger.body(source, number, 20));
        if (number < 3) {
          ledger.ack(source, number);
        }
      }
    }
  }

  @Test
  void acceptsEverythingOnceInOrder() {
    Verdict verdict = ledger.audit(log);

    assertThat(verdict.isClean()).isTrue();
    assertThat(verdict.issued()).isEqualTo(6);
    assertThat(verdict.acked()).isEqualTo(4);
    assertThat(verdict.stored()).isEqualTo(6);
  }

  @Test
  void acceptsThatWhatWasNeverAckedIsMissing() {
    log.remove(Ledger.body("a", 3, 20));

    assertThat(ledger.audit(log).isClean()).isTrue();
  }

  @Test
  void seesALostMessage() {
    log.remove(Ledger.body("b", 2, 20));

    assertThat(ledger.audit(log).lost()).isEqualTo(1);
  }

  @Test
  void seesThatAWholeSourceIsLost() {
    log.removeIf(body -> body.startsWith("a "));

    assertThat(ledger.audit(log).lost()).isEqualTo(2);
  }

  @Test
  void seesADoubledMessage() {
    log.add(Ledger.body("a", 3, 20));

    assertThat(ledger.audit(log).doubled()).isEqualTo(1);
  }

  @Test
  void seesAMessageOutOfOrder() {
    log.add(log.remove(1));

    assertThat(ledger.audit(log).disordered()).isEqualTo(1);
  }

  @Test
  void countsTheRunsThatWereOvertaken() {
    Ledger lanes = new Ledger();
    List<String> stored = new ArrayList<>();
    for (int i = 1; i <= 6; i++) {
      lanes.ack("a", lanes.issue("a"));
    }
    for (int number :
        new int[] {1, 2, 5, 6, 3, 4}) { // Two lanes behind the first, the newer first.
      stored.add(Ledger.body("a", number, 20));
    }

    assertThat(lanes.audit(stored).isWhole()).isTrue();
    assertThat(lanes.audit(stored).overtaken()).isEqualTo(1);

    stored.add(stored.remove(4)); // Within a lane it is one more.

    assertThat(lanes.audit(stored).isWhole()).isTrue();
    assertThat(lanes.audit(stored).overtaken()).isEqualTo(2);
  }

  @Test
  void seesABodyThatWasChangedOrNeverSent() {
    log.set(0, log.get(0).replaceAll(".$", "!"));
    log.add("c 1 nobody");
    log.add(Ledger.body("a", 4, 20));

    assertThat(ledger.audit(log).foreign()).isEqualTo(3);
  }
}
