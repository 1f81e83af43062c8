package dev.weir.router.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.router.SlotSet;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which of several announced maps counts, and what is told of the others.
final class AnnouncedMapsTest {
  private static final int PERIOD_MILLIS = 1_000;

  private final AnnouncedMaps maps = new AnnouncedMaps();
  private long nowNanos;

  private static Announcement said(String router, long version, long hash) {
    return said(router, version, hash, "a");
  }

  private static Announcement said(String router, long version, long hash, String node) {
    return new Announcement(
        router, router.hashCode(), version, hash, node, SlotSet.NONE, PERIOD_MILLIS);
  }

  private List<String> hear(String router, long version, long hash) {
    return maps.hear(said(router, version, hash), nowNanos);
  }

  private String counting() {
    Announcement said = maps.counting().orElseThrow();
    return said.router() + " " + said.mapVersion() + " " + said.mapHash();
  }

  private void pass(Duration time) {
    nowNanos += time.toNanos();
  }

  @Test
  void countsTheHighestVersion() {
    assertThat(maps.counting()).isEmpty();

    hear("r1", 1, 11);
    hear("r2", 2, 22);
    hear("r1", 1, 11);

    assertThat(counting()).isEqualTo("r2 2 22");
  }

  @Test
  void countsANewerMapAfterItsRouterIsGone() {
    hear("r2", 2, 22);
    pass(Duration.ofHours(1));

    hear("r1", 1, 11);

    assertThat(counting()).isEqualTo("r2 2 22");
    assertThat(maps.heard(nowNanos)).extracting(Announcement::router).containsExactly("r1");
  }

  @Test
  void countsTheFirstMapOfAVersionWhileItsRouterIsHeard() {
    hear("r1", 1, 11);
    hear("r2", 1, 22);
    assertThat(counting()).isEqualTo("r1 1 11");

    for (int i = 0; i < 3; i++) {
      pass(Duration.ofMillis(PERIOD_MILLIS));
      hear("r1", 1, 11);
      hear("r2", 1, 22);
    }
    assertThat(counting()).isEqualTo("r1 1 11");

    pass(Duration.ofMillis(AnnouncedMaps.SILENT_PERIODS * PERIOD_MILLIS + 1));
    hear("r2", 1, 22);
    assertThat(counting()).isEqualTo("r2 1 22");
  }

  @Test
  void takesTwoNamesOfTheNodeForTwoMaps() {
    maps.hear(said("r1", 1, 11, "a"), nowNanos);

    List<String> lines = maps.hear(said("r2", 1, 11, "b"), nowNanos);

    assertThat(lines).singleElement().asString().contains("maps differ");
    assertThat(maps.counting()).map(Announcement::node).contains("a");
  }

  @Test
  void tellsOfTwoVersionsOnceWithBothNames() {
    assertThat(hear("r1", 1, 11)).isEmpty();

    assertThat(hear("r2", 2, 22))
        .singleElement()
        .asString()
        .contains("r2 by version 2", "r1 by version 1");
    assertThat(hear("r1", 1, 11)).isEmpty();
    assertThat(hear("r2", 2, 22)).isEmpty();
  }

  @Test
  void tellsOfItAgainAfterTheyAgreed() {
    hear("r1", 1, 11);
    hear("r2", 2, 22);
    assertThat(hear("r1", 2, 22)).isEmpty();

    assertThat(hear("r1", 3, 33)).singleElement().asString().contains("r1 by version 3");
  }

  @Test
  void tellsOfTwoMapsOfOneVersion() {
    hear("r1", 4, 11);

    assertThat(hear("r2", 4, 22))
        .singleElement()
        .asString()
        .contains("r1 and r2", "version 4", "differ");
  }

  @Test
  void remembersABoundedNumberOfRouters() {
    for (int i = 0; i < AnnouncedMaps.MAX_ROUTERS + 50; i++) {
      nowNanos++;
      hear("r" + i, 1, 11);
    }

    assertThat(maps.heard(nowNanos)).hasSize(AnnouncedMaps.MAX_ROUTERS);
    assertThat(maps.heard(nowNanos))
        .extracting(Announcement::router)
        .contains("r" + (AnnouncedMaps.MAX_ROUTERS + 49))
        .doesNotContain("r0");
  }
}
