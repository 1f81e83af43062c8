package dev.weir.edge.uplink;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.edge.Edge;
import dev.weir.edge.EdgeConfig;
import dev.weir.edge.source.FileConfig;
import dev.weir.edge.spool.SpoolConfig;
import dev.weir.link.LinkListener;
import dev.weir.link.LinkState;
import dev.weir.log.FileDisk;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole edge over a real link to real servers on the loopback.
final class LinkUplinkTest {
  @TempDir private Path directory;
  private final LinkedCore.Store store = new LinkedCore.Store();
  private final List<String> written = new ArrayList<>();
  private Path log = Path.of("app.log");

  @BeforeEach
  void name() {
    log = directory.resolve("app.log");
  }

  @Test
  void goesToTheNextCoreWhenOneIsGoneAndStoresEachLineOnce() throws IOException {
    LinkedCore first = new LinkedCore(store);
    try (LinkedCore second = new LinkedCore(store);
        Edge edge = start(List.of(first.uri(), second.uri()))) {
      write(3000);
      eventually("some arrived", () -> !store.bodies().isEmpty());
      first.close();
      write(3000);
      eventually("all arrived", () -> store.bodies().size() >= written.size());
      assertThat(edge.drain(Duration.ofSeconds(20))).isTrue();
      assertThat(edge.stats().spool().unackedMessages()).isZero();
    }

    assertThat(store.bodies()).isEqualTo(written);
  }

  @Test
  void keepsWhatNoCoreTookForTheNextStart() throws IOException {
    URI nowhere;
    try (LinkedCore gone = new LinkedCore(store)) {
      nowhere = gone.uri();
    }
    try (Edge edge = start(List.of(nowhere))) {
      write(500);
      eventually("all is on disk", () -> edge.stats().spool().unackedMessages() == 500);
      eventually(
          "it tries again",
          () ->
              edge.stats().link().state() instanceof LinkState.BackingOff
                  || edge.stats().link().reconnects() > 0);
      assertThat(edge.drain(Duration.ofMillis(100))).isFalse();
    }
    assertThat(store.bodies()).isEmpty();

    try (LinkedCore core = new LinkedCore(store);
        Edge edge = start(List.of(core.uri()))) {
      assertThat(edge.drain(Duration.ofSeconds(20))).isTrue();
      assertThat(edge.stats().link().ackedFrames()).isPositive();
    }
    assertThat(store.bodies()).isEqualTo(written);
  }

  private Edge start(List<URI> targets) throws IOException {
    SpoolConfig spool =
        SpoolConfig.of(directory.resolve("spool")).withFreeDiskFloor(new ByteSize(0));
    EdgeConfig config =
        EdgeConfig.of("site", spool, List.of(FileConfig.of("app", "a", List.of(log.toString()))));
    Uplink.Starter uplink =
        LinkUplink.starter(
            UplinkConfig.of(targets), Clock.SYSTEM, new SplittableRandom(1), LinkListener.NONE);
    return Edge.start(
        config,
        Clock.SYSTEM,
        new FileDisk(),
        new SplittableRandom(2),
        InputStream.nullInputStream(),
        uplink);
  }

  private void write(int count) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      written.add("line " + written.size());
      text.append(written.getLast()).append('\n');
    }
    Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
