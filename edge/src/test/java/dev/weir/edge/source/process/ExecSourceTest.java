package dev.weir.edge.source.process;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.WeirException;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceRig;
import dev.weir.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ExecSourceTest {
  private final SourceRig rig = new SourceRig();

  @Test
  void takesTheLinesOfACommandAndCountsItsErrors() {
    String script = "echo one; printf 'two \\377\\n'; echo trouble >&2; printf three";
    try (Source source = rig.start(at(Duration.ofHours(1), "sh", "-c", script))) {
      List<Message> messages = SourceRig.take(rig.pulled, 3);

      assertThat(SourceRig.bodies(messages)).containsExactly("one", "two \uFFFD", "three");
      assertThat(messages.get(1).body().length()).isEqualTo(5);
      eventually("counted", () -> faults(source, SourceFault.ERROR_LINE) == 1);
      assertThat(faults(source, SourceFault.COMMAND_FAILED)).isZero();
    }
  }

  @Test
  void splitsALongLineAndLeavesItsNeighboursAlone() {
    String script = "echo before; head -c 100 /dev/zero | tr '\\0' x; echo; echo after";
    try (Source source = rig.start(at(Duration.ofHours(1), "sh", "-c", script))) {
      List<Message> messages = SourceRig.take(rig.pulled, 4);

      assertThat(messages.get(1).headers()).containsEntry("weir-split", "1+");
      assertThat(messages.get(1).body().length() + messages.get(2).body().length()).isEqualTo(100);
      assertThat(messages.get(3).body().utf8()).isEqualTo("after");
      assertThat(source.stats().messageCount()).isEqualTo(4);
    }
  }

  @Test
  void endsARunThatPrintsTooMuch() {
    try (Source source = rig.start(at(Duration.ofHours(1), "yes"))) {
      eventually(
          "counted",
          () -> {
            rig.pulled.poll(); // In the place of a batcher: otherwise a full queue holds it up.
            return faults(source, SourceFault.COMMAND_FAILED) > 0;
          });
      assertThat(source.stats().detail()).startsWith("yes: ");
    }
  }

  @Test
  void startsACommandThatEndedAgain() {
    ExecConfig config = ExecConfig.of("exec", "t", List.of("sh", "-c", "echo x; exit 3"));
    try (Source source = rig.start(config)) {
      assertThat(SourceRig.bodies(SourceRig.take(rig.pulled, 2))).containsExactly("x", "x");
      assertThat(faults(source, SourceFault.COMMAND_FAILED)).isPositive();
      eventually("told", () -> source.stats().detail().contains("status 3"));
    }
  }

  @Test
  void endsItsCommandWithItself() {
    Source source =
        rig.start(ExecConfig.of("exec", "t", List.of("sh", "-c", "echo $$; sleep 600 | cat")));
    long pid = Long.parseLong(SourceRig.bodies(SourceRig.take(rig.pulled, 1)).getFirst());
    List<ProcessHandle> family = ProcessHandle.of(pid).orElseThrow().descendants().toList();

    source.close();

    assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    eventually("its children too", () -> family.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void refusesAProgramThatIsNotThere() {
    assertThatThrownBy(() -> rig.start(at(Duration.ofHours(1), "no-such-program")))
        .isInstanceOfSatisfying(
            WeirException.class,
            e -> assertThat(e.explanation()).contains("WEIR-1113", "no-such-program"));
  }

  private static ExecConfig at(Duration interval, String... command) {
    return new ExecConfig(
        "exec",
        "t",
        List.of(command),
        Optional.of(interval),
        new ByteSize(64),
        new ByteSize(100_000));
  }

  private static long faults(Source source, SourceFault fault) {
    return source.stats().faults().getOrDefault(fault, -1L);
  }
}
