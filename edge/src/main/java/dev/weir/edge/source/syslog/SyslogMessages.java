package dev.weir.edge.source.syslog;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.edge.source.Line;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import dev.weir.message.Message;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;

/// Makes messages of one sender's syslog messages. The body is what was received, byte for byte;
/// what its header says stands in the message's headers, and its time is the message's. Owned by
/// the thread that reads from the sender.
///
/// A part of a split message has the headers and the time of its first part.
public final class SyslogMessages {
  private static final SyslogFields NONE = new SyslogFields(true, 0, Map.of());

  private final String topic;
  private final SyslogParser parser;
  private final Clock clock;
  private final SourceMeter meter;
  private SyslogFields ofFirstPart = NONE;

  /// @param zone of times that name none
  /// @param meter must count MALFORMED and OVERSIZE
  public SyslogMessages(String topic, ZoneId zone, Clock clock, SourceMeter meter) {
    this.topic = topic;
    this.parser = new SyslogParser(clock, zone);
    this.clock = clock;
    this.meter = meter;
  }

  /// @param peer the sender's address
  public Message of(Line line, String peer) {
    SyslogFields fields = line.part() > 1 ? ofFirstPart : fields(line.text());
    if (line.part() == 1) {
      ofFirstPart = fields;
      meter.fault(SourceFault.OVERSIZE);
    }
    Map<String, String> headers = new LinkedHashMap<>(fields.headers());
    headers.put("peer", peer);
    headers.putAll(line.headers());
    long timeMicros = fields.timeMicros() > 0 ? fields.timeMicros() : clock.epochMicros();
    return Message.of(topic, line.text())
        .withTimeMicros(timeMicros)
        .withHeaders(headers)
        .withContentType("text/plain");
  }

  private SyslogFields fields(Bytes raw) {
    SyslogFields fields = parser.parse(raw);
    if (!fields.isWellFormed()) {
      meter.fault(SourceFault.MALFORMED);
    }
    return fields;
  }
}
