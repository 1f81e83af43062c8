package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.client.Member;
import dev.weir.client.MemberChange;
import dev.weir.client.Membership;
import dev.weir.client.PresenceListener;
import dev.weir.client.PresenceWatch;
import dev.weir.client.WeirClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Presence over kill -9 of the core: who comes back never left, who does not leaves after its
/// grace, with a difference told, and the sequence goes on.
final class PresenceKillTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir private Path directory;

  /// What was heard, and the sequences of it.
  private static final class Heard implements PresenceListener {
    final List<String> words = new CopyOnWriteArrayList<>();
    final AtomicLong last = new AtomicLong();
    volatile boolean isBackwards;

    @Override
    public void members(List<Member> members, long sequence) {
      words.add("view" + members.stream().map(Member::name).sorted().toList());
      note(sequence);
    }

    @Override
    public void changed(MemberChange change) {
      words.add(change.kind() + " " + change.member().name());
      note(change.sequence());
    }

    private void note(long sequence) {
      isBackwards |= last.getAndSet(sequence) >= sequence && sequence > 0;
    }
  }

  private static WeirClient client(Site site) {
    return WeirClient.connect(URI.create(site.url()));
  }

  private static Membership enter(WeirClient client, String name, Duration grace) {
    Membership membership = client.presence().enter("room", name, Bytes.EMPTY, grace);
    membership.entered().join();
    return membership;
  }

  @Test
  void membersSurviveAKilledCoreAndLeaveUnlessTheyComeBack() throws IOException {
    try (Site site = new Site(directory)) {
      site.startCore();
      Heard heard = new Heard();
      try (WeirClient faithful = client(site);
          PresenceWatch _ = faithful.presence().watch("room", heard);
          Membership _ = enter(faithful, "back", LONG)) {
        WeirClient leaving = client(site);
        var _ = enter(leaving, "gone", Duration.ofSeconds(3));
        eventually("both are seen", () -> heard.words.contains("ENTERED gone"));
        site.core().kill();
        leaving.close();
        site.startCore();

        // As a change, or in a view where the watch came back after the grace was over.
        eventually(
            "who did not come back left",
            () -> heard.words.contains("LEFT gone") || heard.words.getLast().equals("view[back]"));
        assertThat(heard.words).doesNotContain("LEFT back");
        assertThat(heard.isBackwards).as("" + heard.words).isFalse();
        assertThat(faithful.presence().members("room"))
            .extracting(Member::name)
            .containsExactly("back");
      }
    }
  }
}
