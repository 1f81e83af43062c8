package dev.weir.node;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.client.Member;
import dev.weir.client.MemberChange;
import dev.weir.client.Membership;
import dev.weir.client.PresenceListener;
import dev.weir.client.PresenceWatch;
import dev.weir.client.WeirClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The Java client's presence at a real core, over a real socket.
@Timeout(120)
final class PresenceClientTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir Path directory;

  /// What was heard, as words.
  private static final class Heard implements PresenceListener {
    final List<String> words = new CopyOnWriteArrayList<>();

    @Override
    public void members(List<Member> members, long sequence) {
      words.add(
          "view" + members.stream().map(each -> each.name() + "=" + each.data().utf8()).toList());
    }

    @Override
    public void changed(MemberChange change) {
      words.add(change.kind() + " " + change.member().name() + "=" + change.member().data().utf8());
    }
  }

  private static Membership enter(WeirClient client, String name) {
    Membership membership = client.presence().enter("room", name, Bytes.utf8("1"), LONG);
    membership.entered().join();
    return membership;
  }

  @Test
  void entersUpdatesAndLeaves() {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      Heard heard = new Heard();
      try (PresenceWatch _ = client.presence().watch("room", heard)) {
        eventually("it began", () -> heard.words.contains("view[]"));
        try (Membership anna = enter(client, "anna")) {
          anna.update(Bytes.utf8("2")).join();
          assertThat(client.presence().members("room")).extracting(Member::name).contains("anna");
        }
        eventually("she left", () -> heard.words.size() == 4);
        assertThat(heard.words)
            .containsExactly("view[]", "ENTERED anna=1", "UPDATED anna=2", "LEFT anna=2");
      }
    }
  }

  @Test
  void comesBackWithItsCoreAndNobodyNotices() {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client();
        Membership anna = enter(client, "anna")) {
      Heard heard = new Heard();
      try (PresenceWatch _ = client.presence().watch("room", heard)) {
        eventually("it began", () -> heard.words.contains("view[anna=1]"));
        core.stop();
        var _ = anna.update(Bytes.utf8("2"));
        core.startAgain();

        // Whichever of the two comes back first.
        List<String> news = List.of("UPDATED anna=2", "view[anna=2]");
        eventually("she says something new", () -> heard.words.stream().anyMatch(news::contains));
        assertThat(heard.words).noneMatch(word -> word.startsWith("LEFT")).hasSize(2);
      }
    }
  }

  @Test
  void isToldWhatTheCoreRefuses() {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      Membership wrong = client.presence().enter("a/#", "anna", Bytes.EMPTY);
      assertThat(wrong.entered())
          .failsWithin(Duration.ofSeconds(60))
          .withThrowableOfType(ExecutionException.class);
      try (PresenceWatch watch = client.presence().watch("a/#", new Heard())) {
        assertThat(catching(watch)).hasMessageContaining("wildcard");
      }
    }
  }

  private static Throwable catching(PresenceWatch watch) {
    try {
      watch.ended().join();
    } catch (CompletionException e) {
      return Objects.requireNonNull(e.getCause());
    }
    throw new AssertionError("it did not fail");
  }
}
