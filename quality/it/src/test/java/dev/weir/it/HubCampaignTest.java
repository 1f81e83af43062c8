package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short form of the campaign; `quality/it/campaign hub --rounds 100` is the long one.
final class HubCampaignTest {
  @TempDir private Path directory;

  @Test
  void keepsEveryPromiseOfTheHubWhenItsCoreDiesUnderLoad() throws Exception {
    assertThat(new HubCampaign(directory, Seeds.seed(), System.out).run(2)).isEmpty();
  }
}
