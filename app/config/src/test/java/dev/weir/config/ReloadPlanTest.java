package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.schema.Setting;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReloadPlanTest {
  private static final String BEFORE =
      """
      version: 1
      server: {listen: "127.0.0.1:4750"}
      store: {retention: {age: 7d}}
      """;
  private static final String AFTER =
      """
      version: 1
      server: {listen: "127.0.0.1:5000"}
      store: {retention: {age: 30d}}
      router: {storages: [{name: a, address: "127.0.0.1:4801"}]}
      """;

  @TempDir Path directory;

  private List<Setting> settings(String text) {
    LoadResult result = new Loading(directory).load(text);
    assertThat(result).isInstanceOf(LoadResult.Loaded.class);
    return ((LoadResult.Loaded) result).settings();
  }

  @Test
  void saysWhatChangesNowAndWhatWaits() {
    ReloadPlan plan = ReloadPlan.between(settings(BEFORE), settings(AFTER));

    assertThat(plan.toString())
        .contains("  ~ server.listen = 127.0.0.1:5000 (was 127.0.0.1:4750), at the next start\n")
        .contains("  ~ store.retention.age = 30d (was 7d)\n")
        .contains("  + router.storages[0].name = a\n")
        .contains("  - router.storages = []\n");
    assertThat(ReloadPlan.between(settings(AFTER), settings(BEFORE)).toString())
        .contains("  - router.storages[0].address = 127.0.0.1:4801\n");
    assertThat(ReloadPlan.between(settings(AFTER), settings(AFTER)).isEmpty()).isTrue();
  }

  @Test
  void remindsOfWhatWaitsUntilItIsTakenBack() {
    List<Setting> taken = ReloadPlan.taken(settings(BEFORE), settings(AFTER));

    assertThat(ReloadPlan.between(taken, settings(AFTER)).steps())
        .extracting(ReloadPlan.Step::path)
        .containsExactly("server.listen");
    assertThat(ReloadPlan.between(taken, settings(BEFORE)).steps())
        .extracting(ReloadPlan.Step::path)
        .contains("store.retention.age")
        .doesNotContain("server.listen");
  }
}
