package dev.weir.gateway.web.json;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.DeadLetter;
import dev.weir.broker.QueueDetails;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.queue.Ordering;
import dev.weir.broker.queue.Overflow;
import dev.weir.broker.queue.QueueFigures;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.message.TopicFilter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Queues and what is in them as JSON.
public final class QueueJson {
  private QueueJson() {}

  /// What a queue is created with; every field may be left out.
  ///
  /// @throws WeirException with MALFORMED or INVALID_TOPIC
  /// @throws IllegalArgumentException for values out of range
  public static QueueSpec read(String name, JsonFields fields) {
    QueueSettings settings = QueueSettings.defaults();
    settings =
        settings
            .withOrdering(choice(fields, "ordering", Ordering.class, settings.ordering()))
            .withSingleActive(fields.truth("singleActive", settings.isSingleActive()))
            .withLease(fields.duration("lease").orElse(settings.lease()))
            .withRetry(
                (int) fields.number("maxDeliveries", 0, 65_535, settings.maxDeliveries()),
                fields.duration("retryBase").orElse(settings.retryBase()),
                fields.duration("retryCap").orElse(settings.retryCap()))
            .withTtl(fields.duration("ttl").orElse(Duration.ZERO))
            .withMaxLength(
                fields.number("maxLength", 0, Long.MAX_VALUE, settings.maxLength()),
                choice(fields, "overflow", Overflow.class, settings.overflow()));
    QueueSpec spec =
        new QueueSpec(
            name,
            settings,
            fields.texts("filters").stream().map(TopicFilter::parse).toList(),
            fields.text("deadLetter"));
    fields.noMore();
    return spec;
  }

  private static <E extends Enum<E>> E choice(
      JsonFields fields, String name, Class<E> type, E byDefault) {
    Optional<String> text = fields.text(name);
    if (text.isEmpty()) {
      return byDefault;
    }
    StringBuilder names = new StringBuilder();
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(text.get())) {
        return constant;
      }
      names.append(names.isEmpty() ? "" : " or ").append(word(constant));
    }
    throw new WeirException(
        ErrorCode.MALFORMED,
        "The field '" + name + "' is '" + Texts.shown(text.get()) + "', expected " + names + ".");
  }

  /// `DROP_OLDEST` as `drop-oldest`.
  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The members of a queue, into an object that is begun.
  public static JsonText write(JsonText json, QueueDetails details) {
    QueueSpec spec = details.spec();
    QueueSettings settings = spec.settings();
    json.put("name", spec.name()).beginArray("filters");
    spec.filters().forEach(filter -> json.add(filter.toString()));
    json.endArray()
        .put("ordering", word(settings.ordering()))
        .put("singleActive", settings.isSingleActive())
        .put("lease", Texts.text(settings.lease()))
        .put("maxDeliveries", settings.maxDeliveries())
        .put("retryBase", Texts.text(settings.retryBase()))
        .put("retryCap", Texts.text(settings.retryCap()))
        .put("ttl", Texts.text(settings.ttl()))
        .put("maxLength", settings.maxLength())
        .put("overflow", word(settings.overflow()));
    spec.deadLetter().ifPresent(name -> json.put("deadLetter", name));
    QueueFigures figures = details.figures();
    return json.put("length", figures.length())
        .put("held", figures.held())
        .put("delayed", figures.delayed())
        .put("consumers", figures.consumers())
        .put("acked", details.acked())
        .put("dead", details.dead())
        .put("lost", details.lost());
  }

  /// The members of a message of a queue, into an object that is begun.
  public static JsonText write(JsonText json, QueuedMessage message) {
    MessageJson.write(
        json, message.message(), message.position(), message.storedMicros(), Optional.empty());
    if (message.delivery() > 0) {
      json.put("delivery", message.delivery()).put("until", Texts.time(message.untilMicros()));
    }
    message.dead().ifPresent(dead -> write(json, dead));
    return json;
  }

  private static void write(JsonText json, DeadLetter dead) {
    json.beginObject("dead")
        .put("queue", dead.queue())
        .put("reason", word(dead.reason()))
        .put("deliveries", dead.deliveries())
        .put("time", Texts.time(dead.micros()))
        .endObject();
  }
}
