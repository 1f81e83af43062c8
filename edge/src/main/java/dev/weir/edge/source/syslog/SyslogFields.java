package dev.weir.edge.source.syslog;

import dev.weir.message.Message;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a syslog message says about itself.
///
/// @param isWellFormed whether it is in one of the two formats to the end of its header
/// @param timeMicros when it says that it arose; 0 when it does not
/// @param headers `facility`, `severity`, `host`, `app`, `procid`, `msgid` and `sd.ID.NAME`, those
///   that it has
record SyslogFields(boolean isWellFormed, long timeMicros, Map<String, String> headers) {
  /// Leaves room among a message's headers for those that the source adds.
  static final int MAX_COUNT = Message.MAX_HEADERS - 8;

  /// Likewise; a header's share of a batch is paid by every reader.
  static final int MAX_BYTES = Message.MAX_HEADER_BYTES / 2;

  private static final String[] FACILITIES = {
    "kern",
    "user",
    "mail",
    "daemon",
    "auth",
    "syslog",
    "lpr",
    "news",
    "uucp",
    "cron",
    "authpriv",
    "ftp",
    "ntp",
    "audit",
    "alert",
    "clock",
    "local0",
    "local1",
    "local2",
    "local3",
    "local4",
    "local5",
    "local6",
    "local7"
  };

  private static final String[] SEVERITIES = {
    "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"
  };

  SyslogFields {
    headers = Collections.unmodifiableMap(headers);
  }

  /// Gathers fields within the bounds; what does not fit is only in the message itself.
  static final class Builder {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private long timeMicros;
    private int bytes;

    void priority(int priority) {
      put("facility", FACILITIES[priority >> 3]);
      put("severity", SEVERITIES[priority & 7]);
    }

    void time(long micros) {
      timeMicros = micros;
    }

    void put(String name, String value) {
      int added = 3 * (name.length() + value.length()); // As UTF-8 at most.
      if (headers.size() < MAX_COUNT && bytes + added <= MAX_BYTES) {
        bytes += added;
        headers.put(name, value);
      }
    }

    SyslogFields build(boolean isWellFormed) {
      return new SyslogFields(isWellFormed, timeMicros, headers);
    }
  }
}
