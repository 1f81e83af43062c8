package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short form of the campaign; `quality/it/campaign power-cut --rounds 200` is the long one.
final class PowerCutCampaignTest {
  @TempDir private Path directory;

  @Test
  void keepsWhatWasAckedWhenThePowerGoes() throws IOException {
    assertThat(new PowerCutCampaign(directory, Seeds.seed(), System.out).run(3)).isEmpty();
  }
}
