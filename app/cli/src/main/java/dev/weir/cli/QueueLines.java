package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.client.DeadLetter;
import dev.weir.client.QueueConfig;
import dev.weir.client.QueueFigures;
import dev.weir.client.QueuedMessage;
import java.util.Locale;

/// How queues and their messages are printed.
final class QueueLines {
  static final String HEADINGS =
      String.format(
          Locale.ROOT,
          "%12s  %10s  %10s  %9s  %10s  %s",
          "LENGTH",
          "HELD",
          "DELAYED",
          "CONSUMERS",
          "DEAD",
          "QUEUE");

  static final String MESSAGE_HEADINGS =
      String.format(
          Locale.ROOT,
          "%-16s  %-27s  %5s  %-9s  %10s  %s",
          "POSITION",
          "STORED",
          "TRIES",
          "REASON",
          "BYTES",
          "BODY");

  private static final int SHOWN_CHARS = 60;

  private QueueLines() {}

  static String row(QueueFigures queue) {
    return String.format(
        Locale.ROOT,
        "%,12d  %,10d  %,10d  %9d  %,10d  %s",
        queue.length(),
        queue.held(),
        queue.delayed(),
        queue.consumers(),
        queue.dead(),
        queue.config().name());
  }

  static String json(QueueFigures queue) {
    QueueConfig config = queue.config();
    return new JsonLine()
        .put("queue", config.name())
        .put("length", queue.length())
        .put("held", queue.held())
        .put("delayed", queue.delayed())
        .put("consumers", queue.consumers())
        .put("acked", queue.acked())
        .put("dead", queue.dead())
        .put("lost", queue.lost())
        .put("filters", String.join(" ", config.filters()))
        .put("deadLetter", config.deadLetter().orElse(""))
        .put("order", word(config.order()))
        .put("singleActive", config.isSingleActive())
        .put("leaseMillis", config.lease().toMillis())
        .put("maxDeliveries", config.maxDeliveries())
        .put("retryBaseMillis", config.retryBase().toMillis())
        .put("retryCapMillis", config.retryCap().toMillis())
        .put("ttlMillis", config.ttl().toMillis())
        .put("maxLength", config.maxLength())
        .put("overflow", word(config.overflow()))
        .line();
  }

  /// Everything that is known of a queue, for a person.
  static String text(QueueFigures queue) {
    QueueConfig config = queue.config();
    StringBuilder text = new StringBuilder();
    line(text, "queue", config.name());
    line(text, "length", String.format(Locale.ROOT, "%,d", queue.length()));
    line(text, "held, delayed", queue.held() + ", " + queue.delayed());
    line(text, "consumers", queue.consumers() + (config.isSingleActive() ? ", one active" : ""));
    line(text, "since the start", since(queue));
    line(text, "takes", takes(config));
    line(text, "order", word(config.order()));
    line(text, "lease", config.lease().toMillis() + " ms");
    line(text, "deliveries", deliveries(config));
    line(text, "dead letters", config.deadLetter().orElse("(none: they are gone)"));
    line(text, "time to live", config.ttl().isZero() ? "of each message" : limit(config));
    line(
        text,
        "length limit",
        config.maxLength() == 0
            ? "none"
            : config.maxLength() + ", then " + word(config.overflow()).replace('_', ' '));
    return text.toString();
  }

  private static String since(QueueFigures queue) {
    return queue.acked() + " acked, " + queue.dead() + " dead, " + queue.lost() + " lost";
  }

  private static String takes(QueueConfig config) {
    String own = "$queue/" + config.name();
    return config.filters().isEmpty() ? own : own + " " + String.join(" ", config.filters());
  }

  private static String deliveries(QueueConfig config) {
    String limit = config.maxDeliveries() == 0 ? "no limit" : "at most " + config.maxDeliveries();
    return limit
        + ", retries after up to "
        + config.retryBase().toMillis()
        + " ms, doubling to "
        + config.retryCap().toMillis()
        + " ms";
  }

  private static String limit(QueueConfig config) {
    return config.ttl().toMillis() + " ms";
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-16s%s%n", name, value));
  }

  static String row(QueuedMessage message) {
    return String.format(
        Locale.ROOT,
        "%-16s  %-27s  %5d  %-9s  %10s  %s",
        message.position(),
        Times.iso(message.storedMicros()),
        message.deliveries(),
        message.dead().map(dead -> word(dead.reason())).orElse(""),
        new ByteSize(message.message().body().length()),
        shown(message.text()));
  }

  private static String shown(String text) {
    boolean isPlain = text.chars().noneMatch(c -> Character.isISOControl(c) || c == 0xFFFD);
    if (!isPlain) {
      return "";
    }
    return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "…";
  }

  static String json(QueuedMessage message) {
    JsonLine line =
        MessageLines.of(message.message())
            .put("priority", message.message().priority())
            .put("position", message.position().toString())
            .put("stored", Times.iso(message.storedMicros()))
            .put("deliveries", message.deliveries());
    if (message.dead().isEmpty()) {
      return line.line();
    }
    DeadLetter dead = message.dead().get();
    return line.put("deadQueue", dead.queue())
        .put("deadReason", word(dead.reason()))
        .put("deadDeliveries", dead.deliveries())
        .put("deadTime", Times.iso(dead.micros()))
        .line();
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
