package dev.weir.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sim.Controllers.Controller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Compares the documentation with the simulation, or writes it with `-Dweir.docs.write=true`.
final class WindowTableTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "internals", "window.md");

  @Test
  void printsWhatTheDocumentationShows() throws IOException {
    String printed = WindowTable.page();
    if (Boolean.getBoolean("weir.docs.write")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, printed, UTF_8);
    }

    assertThat(Files.readString(PAGE, UTF_8))
        .as("rewrite it with -Dweir.docs.write=true")
        .isEqualTo(printed);
  }

  @Test
  void fillsEveryPath() {
    for (PathProfile profile : WindowTable.PROFILES) {
      for (long seed = 1; seed <= 3; seed++) {
        PathResult result = run(profile, Controllers.WEIR, seed);

        assertThat(result.capacityPercent())
            .as("%s with seed %d", profile.name(), seed)
            .isGreaterThan(profile.commitMillis() > 100 ? 80 : 90);
      }
    }
  }

  @Test
  void queuesLessThanAFixedWindowOnSlowLinks() {
    for (PathProfile profile : WindowTable.PROFILES) {
      if (profile.mbitPerSecond() == 40) {
        double fixedMillis = run(profile, Controllers.FIXED_BYTES, 1).ackP50Millis();
        double ownMillis = run(profile, Controllers.WEIR, 1).ackP50Millis();

        assertThat(ownMillis).as(profile.name()).isLessThan(fixedMillis / 4);
      }
    }
  }

  @Test
  void isBackSoonAfterAStep() {
    PathResult result = run(WindowTable.STEP, Controllers.WEIR, 1);

    assertThat(result.mbitPerSecond(25, 40)).isGreaterThan(0.9 * 80);
    assertThat(result.secondsUntil(40, WindowTable.RECOVERED)).isLessThan(3);
  }

  /// The sender's own queue must not pass for a longer path, however long it lasts.
  @Test
  void doesNotDrift() {
    for (PathProfile profile :
        new PathProfile[] {
          PathProfile.steady(40, 16, 3, 600), PathProfile.steady(180, 10, 130, 300)
        }) {
      PathResult result = run(profile, Controllers.WEIR, 1);
      double pathBytes =
          profile.mbitPerSecond()
              / 8e3
              * 1e6
              * (profile.rttMillis() + 2.0 * profile.commitMillis());

      assertThat(result.ackP50Millis())
          .as(profile.name())
          .isLessThan(2.0 * (profile.rttMillis() + 2 * profile.commitMillis()) + 30);
      assertThat((double) result.windowBytes()).isLessThan(2.5 * pathBytes + (256 << 10));
    }
  }

  @Test
  void keepsASlowLinkBusyWithLargeFrames() {
    PathProfile profile = PathProfile.steady(40, 16, 3, 40);
    PathResult result = PathRun.ofFrames(profile, Controllers.adaptive(), 1, 256 << 10);

    assertThat(result.capacityPercent()).isGreaterThan(90);
  }

  @Test
  void givesTheSameRunForTheSameSeed() {
    PathProfile profile = PathProfile.steady(400, 16, 3, 5);

    assertThat(run(profile, Controllers.WEIR, 3).ackedBytesByTick())
        .isEqualTo(run(profile, Controllers.WEIR, 3).ackedBytesByTick())
        .isNotEqualTo(run(profile, Controllers.WEIR, 4).ackedBytesByTick());
  }

  private static PathResult run(PathProfile profile, Controller controller, long seed) {
    return PathRun.of(profile, controller.window().get(), seed);
  }
}
