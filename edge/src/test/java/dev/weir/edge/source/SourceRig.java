package dev.weir.edge.source;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.ManualClock;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an edge lends a source, and a test in the place of its batchers.
public final class SourceRig {
  public final ManualClock clock = new ManualClock();
  public final Intake pulled = new Intake(1 << 20);
  public final Intake waitedFor = new Intake(1 << 20);
  private volatile Optional<WeirException> refusal = Optional.empty();

  /// Any free port of the loopback.
  public static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /// What the spool says before work is done for a sender that waits.
  public void refuse(Optional<WeirException> newRefusal) {
    refusal = newRefusal;
  }

  public Source start(SourceConfig config) {
    return start(config, Map.of());
  }

  public Source start(SourceConfig config, Map<String, Bytes> positions) {
    Source source =
        config.open(
            new SourceContext(
                pulled, waitedFor, () -> refusal, positions, InputStream.nullInputStream(), clock));
    source.start();
    return source;
  }

  /// The next delivery, once it is there.
  public static Delivery take(Intake intake) {
    Eventually.eventually("a delivery", () -> intake.peek() != null);
    @Nullable Delivery delivery = intake.poll();
    return Objects.requireNonNull(delivery);
  }

  /// Messages of as many deliveries as it takes.
  public static List<Message> take(Intake intake, int count) {
    List<Message> messages = new ArrayList<>();
    while (messages.size() < count) {
      messages.addAll(take(intake).messages());
    }
    return messages;
  }

  public static List<String> bodies(List<Message> messages) {
    return messages.stream().map(message -> message.body().utf8()).toList();
  }
}
