package dev.weir.edge.uplink;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.edge.Edge;
import dev.weir.edge.EdgeConfig;
import dev.weir.edge.source.FileConfig;
import dev.weir.edge.spool.BackfillPolicy;
import dev.weir.edge.spool.SpoolConfig;
import dev.weir.flow.WindowMode;
import dev.weir.link.LinkListener;
import dev.weir.link.LinkTls;
import dev.weir.log.FileDisk;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A whole edge behind a slow path after an outage: what arises now arrives while the backlog is
/// still on its way.
final class BackfillUplinkTest {
  private static final int PAST = 3000;

  /// The past takes four seconds: several turns of the duty that opens a lane, once a second.
  private static final int PATH_BYTES_PER_SECOND = 400_000;

  @TempDir private Path directory;
  private final LinkedCore.Store store = new LinkedCore.Store();
  private final List<String> written = new ArrayList<>();

  @ParameterizedTest
  @EnumSource(BackfillPolicy.Order.class)
  void bringsWhatIsFreshInTheOrderThatIsSet(BackfillPolicy.Order order) throws IOException {
    try (LinkedCore core = new LinkedCore(store);
        SlowPath path = new SlowPath(core.port(), PATH_BYTES_PER_SECOND);
        Edge edge = start(path.uri(), order)) {
      writeThePast(edge);
      path.open();
      eventually("a part is there", () -> !store.bodies().isEmpty());
      if (order == BackfillPolicy.Order.NEWEST_FIRST) {
        eventually("a lane was closed", () -> edge.stats().spool().liveLane() == 1);
      }
      write(1);
      eventually("it is there", () -> store.bodies().contains(written.getLast()));
      List<String> then = store.bodies();

      assertThat(edge.drain(Duration.ofSeconds(20))).isTrue();
      assertThat(new HashSet<>(store.bodies())).hasSize(PAST + 1).containsAll(written);
      assertThat(store.bodies()).hasSize(PAST + 1);
      switch (order) {
        case NEWEST_FIRST -> {
          assertThat(then).hasSizeLessThan(PAST);
          List<String> backlog = new ArrayList<>(store.bodies());
          backlog.remove(written.getLast());
          assertThat(backlog).as("order within the lane").isEqualTo(written.subList(0, PAST));
        }
        case IN_ORDER -> assertThat(store.bodies()).isEqualTo(written);
      }
    }
  }

  @Test
  void sendsTheRestAfterARestartWithItsLanes() throws IOException {
    BackfillPolicy.Order order = BackfillPolicy.Order.NEWEST_FIRST;
    try (LinkedCore core = new LinkedCore(store);
        SlowPath path = new SlowPath(core.port(), PATH_BYTES_PER_SECOND)) {
      try (Edge edge = start(path.uri(), order)) {
        writeThePast(edge);
        path.open();
        eventually("a lane was closed", () -> edge.stats().spool().liveLane() == 1);
        write(100);
        eventually("some is fresh", () -> edge.stats().spool().nextSequence() > 1);
      }
      try (Edge edge = start(core.uri(), order)) {
        assertThat(edge.drain(Duration.ofSeconds(20))).isTrue();
        eventually("one lane is left", () -> edge.stats().spool().lanes() == 1);
      }
    }
    assertThat(store.bodies()).hasSameSizeAs(written).containsAll(written);
  }

  private Edge start(URI target, BackfillPolicy.Order order) throws IOException {
    SpoolConfig spool =
        SpoolConfig.of(directory.resolve("spool"))
            .withFreeDiskFloor(new ByteSize(0))
            .withBackfill(
                new BackfillPolicy(order, Duration.ofMillis(1), ByteSize.ofKibibytes(64)));
    String logs = directory.resolve("app.log").toString();
    EdgeConfig config =
        EdgeConfig.of("site", spool, List.of(FileConfig.of("app", "a", List.of(logs))));
    UplinkConfig uplink =
        new UplinkConfig(
            List.of(target),
            WindowMode.AUTO,
            ByteSize.ofMebibytes(1),
            Duration.ofSeconds(5),
            "test",
            20,
            LinkTls.STANDARD,
            Optional.empty());
    return Edge.start(
        config,
        Clock.SYSTEM,
        new FileDisk(),
        new SplittableRandom(2),
        InputStream.nullInputStream(),
        LinkUplink.starter(uplink, Clock.SYSTEM, new SplittableRandom(1), LinkListener.NONE));
  }

  /// In several frames, none of which a core has.
  private void writeThePast(Edge edge) throws IOException {
    for (int part = 0; part < 6; part++) {
      write(PAST / 6);
      eventually("it waits", () -> edge.stats().spool().unackedMessages() == written.size());
    }
  }

  /// Lines of 1 KiB of hexadecimal digits.
  private void write(int count) throws IOException {
    SplittableRandom random = new SplittableRandom(written.size());
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      StringBuilder line = new StringBuilder(written.size() + ":");
      while (line.length() < 1024) {
        line.append(Long.toHexString(random.nextLong()));
      }
      written.add(line.toString());
      text.append(line).append('\n');
    }
    Files.writeString(
        directory.resolve("app.log"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
