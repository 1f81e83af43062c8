package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short form of the campaign; `quality/it/campaign backfill --rounds 20` is the long one.
final class BackfillCampaignTest {
  @TempDir private Path directory;

  @Test
  void keepsTheOrderOfEachLaneWhileNewDataOvertakeABacklog() throws IOException {
    BackfillCampaign.Outcome outcome =
        new BackfillCampaign(directory, Seeds.seed(), System.out).run(1);

    assertThat(outcome.isClean()).as(outcome.toString()).isTrue();
    assertThat(outcome.verdict().overtaken()).as("lanes were opened").isPositive();
  }
}
