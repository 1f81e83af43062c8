package dev.weir.lab;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What the lab promises, as programs at its ends see it. Without root the relay stands in and the
/// same must hold.
final class LabTest {
  private static final PathSettings PATH = PathSettings.parse("20/100");

  @Test
  void delaysBothWaysAndPassesNoMoreThanItsRate() throws IOException {
    LabCheck check = LabCheck.run(PATH, Clock.SYSTEM);

    assertThat(check.rttNanos()).isGreaterThanOrEqualTo(PATH.rtt().toNanos());
    assertThat(check.bitsPerSecond()).isLessThan(PATH.bitsPerSecond() * 1.1);
  }

  @Test
  void countsWhatComesOutAndStalledWaysLetNothingThrough() throws IOException {
    try (Lab lab = Lab.open(PATH, Clock.SYSTEM, Seeds.random("LabTest"));
        Probe probe = probe(lab)) {
      long before = lab.totals(Way.OUT).packets();
      assertThat(probe.rttNanos(3)).isPositive();
      eventually("the lab has counted them", () -> lab.totals(Way.OUT).packets() >= before + 3);

      lab.change(Way.BACK, PATH.line().withDelay(Duration.ofMillis(60)));
      eventually("the new delay holds", () -> probe.rttNanos(1) >= Duration.ofMillis(70).toNanos());
    }
  }

  @Test
  void isGoneWhenItIsClosed() throws IOException {
    if (Lab.isPossible()) {
      TunLab lab = TunLab.open(PATH, Clock.SYSTEM, Seeds.random("LabTest"));
      String name = lab.namespace(Side.NEAR);
      assertThat(Tool.run("ip", "netns", "list")).contains(name);

      lab.close();
      lab.close();

      assertThat(Tool.run("ip", "netns", "list")).doesNotContain(name);
    }
  }

  @Test
  void deletesWhatAKilledProcessLeft() throws IOException {
    if (Lab.isPossible()) {
      String stale = "weir-99999999-1-near"; // above the kernel's largest process id
      Tool.run("ip", "netns", "add", stale);

      try (Namespaces made = Namespaces.create()) {
        assertThat(Tool.run("ip", "netns", "list"))
            .contains(made.name(Side.FAR))
            .doesNotContain(stale);
      }
    }
  }

  private static Probe probe(Lab lab) throws IOException {
    return switch (lab) {
      case TunLab tun -> new UdpProbe(tun, PATH.mtu(), Clock.SYSTEM);
      case RelayLab relay -> new TcpProbe(relay, Clock.SYSTEM);
    };
  }
}
