package dev.weir.edge.source.process;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.edge.source.Deliveries;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.DeliveryListener;
import dev.weir.edge.source.FileConfig.StartsAt;
import dev.weir.edge.source.Intake;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceStats;
import dev.weir.message.Message;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The system's journal, read by `journalctl --follow`; the threads are those of [CommandLoop].
///
/// Ack rule: the journal is never told; the cursor of the last entry is stored in the same frame as
/// the entry. After a crash reading goes on behind it: each entry is stored once, as long as the
/// journal keeps it. When the spool is full nothing is read, and the journal waits on its disk.
public final class JournalSource implements Source {
  /// A delivery with a position lies in one frame of 16 MiB: so many with full headers, and one
  /// large body.
  private static final int MAX_ENTRIES = 256;

  private static final int MAX_DELIVERY_BYTES = 256 << 10;

  private final JournalConfig config;
  private final Intake intake;
  private final Clock clock;
  private final SourceMeter meter;
  private final CommandLoop loop;
  private final String key;

  /// Behind which entry reading goes on; empty until there is one. Owned by the loop's thread.
  private String cursor;

  /// @throws dev.weir.base.WeirException with CONFIG_ENVIRONMENT when there is no journalctl
  JournalSource(JournalConfig config, SourceContext context) {
    this.config = config;
    this.intake = context.pulled();
    this.clock = context.clock();
    this.key = "journal/" + config.name();
    this.cursor = context.positions().getOrDefault(key, Bytes.EMPTY).utf8();
    this.meter =
        new SourceMeter(
            config.name(),
            "journald",
            SourceFault.COMMAND_FAILED,
            SourceFault.ERROR_LINE,
            SourceFault.OVERSIZE);
    Program.require("journalctl", "install systemd, or follow the log's files instead");
    this.loop =
        new CommandLoop(config.name(), this::command, Optional.empty(), this::read, meter, clock);
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public void start() {
    loop.start();
  }

  @Override
  public SourceStats stats() {
    return meter.stats();
  }

  @Override
  public void close() {
    loop.close();
  }

  List<String> command() {
    List<String> words =
        new ArrayList<>(
            List.of("journalctl", "--output=export", "--follow", "--no-pager", "--quiet"));
    // Following shows the last ten entries only, also behind a cursor, unless told otherwise.
    boolean isAtEnd = cursor.isEmpty() && config.startsAt() == StartsAt.END;
    words.add(isAtEnd ? "--lines=0" : "--no-tail");
    if (!cursor.isEmpty()) {
      words.add("--after-cursor=" + cursor);
    }
    config.directory().ifPresent(directory -> words.add("--directory=" + directory));
    words.addAll(config.matches());
    return words;
  }

  /// Reads to the end; for tests with what was recorded.
  void read(InputStream printed) throws IOException, InterruptedException {
    JournalExport export =
        new JournalExport(
            new BufferedInputStream(printed, 64 << 10), config.maxMessage().intBytes());
    List<Message> messages = new ArrayList<>();
    String reached = cursor;
    long bytes = 0;
    for (@Nullable JournalEntry entry = export.next(); entry != null; entry = export.next()) {
      Message message = entry.message(config.topic(), clock.epochMicros());
      messages.add(message);
      bytes += message.body().length();
      reached = entry.cursor();
      if (entry.isCut()) {
        meter.fault(SourceFault.OVERSIZE);
      }
      boolean isFull = messages.size() == MAX_ENTRIES || bytes >= MAX_DELIVERY_BYTES;
      if (isFull || !export.hasMore()) {
        if (!put(messages, reached)) {
          return;
        }
        messages = new ArrayList<>();
        bytes = 0;
      }
    }
    if (!messages.isEmpty()) {
      put(messages, reached);
    }
  }

  private boolean put(List<Message> messages, String reached) throws InterruptedException {
    Map<String, Bytes> positions = Map.of(key, Bytes.utf8(reached));
    boolean isTaken =
        Deliveries.put(intake, meter, Delivery.of(messages, positions, DeliveryListener.NONE));
    if (isTaken) {
      cursor = reached;
    }
    return isTaken;
  }
}
