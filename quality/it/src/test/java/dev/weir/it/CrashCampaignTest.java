package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.it.Ledger.Verdict;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short form of the campaign; `quality/it/campaign crash --rounds 200` is the long one.
final class CrashCampaignTest {
  @TempDir private Path directory;

  @Test
  void losesAndDoublesNothingWhenProcessesDieUnderLoad() throws IOException {
    Verdict verdict = new CrashCampaign(directory, Seeds.seed(), System.out).run(10);

    assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
    assertThat(verdict.acked()).isGreaterThan(1000);
  }
}
