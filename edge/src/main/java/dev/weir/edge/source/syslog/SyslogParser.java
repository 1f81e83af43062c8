package dev.weir.edge.source.syslog;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Optional;

/// Reads the headers of syslog messages. Any thread may use it.
///
/// Two formats are told apart by the version behind the priority: RFC 5424 has `1` there, RFC 3164
/// has not. Strict where a format can be recognised, forgiving in what senders are known to do: no
/// host, no process id, RFC 3339 times in the old format, no tag, nothing but a priority. A field
/// is read or left out; the message itself is never changed and never refused.
final class SyslogParser {
  /// RFC 5424 section 6: the longest fields in the order of the header.
  static final int MAX_HOST = 255;

  static final int MAX_APP = 48;
  static final int MAX_PROCID = 128;
  static final int MAX_MSGID = 32;

  /// Bytes of a message that are looked at for its headers; more of them would not fit anyway.
  static final int MAX_LOOKED_AT = 16 << 10;

  private final Clock clock;
  private final ZoneId zone;

  /// @param zone of times that name none
  SyslogParser(Clock clock, ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
  }

  SyslogFields parse(Bytes raw) {
    int length = Math.min(raw.length(), MAX_LOOKED_AT);
    // One character a byte, so that places stay what they are whatever the bytes mean.
    String text = new String(raw.array(), raw.arrayOffset(), length, StandardCharsets.ISO_8859_1);
    SyslogFields.Builder fields = new SyslogFields.Builder();
    SyslogCursor at = new SyslogCursor(text);
    Optional<Integer> priority = at.priority();
    if (priority.isEmpty()) {
      return fields.build(false);
    }
    fields.priority(priority.get());
    boolean isWellFormed = at.skip("1 ") ? rfc5424(at, fields) : rfc3164(at, fields);
    return fields.build(isWellFormed);
  }

  private static boolean rfc5424(SyslogCursor at, SyslogFields.Builder fields) {
    String time = at.word(40);
    SyslogTime.iso(time).ifPresent(fields::time);
    boolean isTime = time.equals("-") || SyslogTime.iso(time).isPresent();
    boolean isWellFormed =
        isTime
            && at.field("host", MAX_HOST, fields)
            && at.field("app", MAX_APP, fields)
            && at.field("procid", MAX_PROCID, fields)
            && at.field("msgid", MAX_MSGID, fields);
    if (!isWellFormed) {
      return false;
    }
    return at.isNil() || structuredData(at, fields);
  }

  /// Section 6.3: `[ID NAME="VALUE" ...]` with `"`, `\` and `]` escaped by a backslash.
  private static boolean structuredData(SyslogCursor at, SyslogFields.Builder fields) {
    boolean hasAny = false;
    while (at.skip("[")) {
      hasAny = true;
      String id = at.name();
      if (id.isEmpty()) {
        return false;
      }
      while (at.skip(" ")) {
        String name = at.name();
        if (name.isEmpty() || !at.skip("=\"")) {
          return false;
        }
        Optional<String> value = at.quoted();
        if (value.isEmpty()) {
          return false;
        }
        fields.put("sd." + id + "." + name, value.get());
      }
      if (!at.skip("]")) {
        return false;
      }
    }
    return hasAny && at.isAtWordEnd();
  }

  /// Section 4.1, and what is seen in its place.
  private boolean rfc3164(SyslogCursor at, SyslogFields.Builder fields) {
    Optional<Long> bsd = SyslogTime.bsd(at.ahead(SyslogTime.BSD_LENGTH), zone, clock.epochMicros());
    if (bsd.isPresent()) {
      at.advance(SyslogTime.BSD_LENGTH);
      fields.time(bsd.get());
    } else {
      Optional<Long> iso = SyslogTime.iso(at.ahead(41).split(" ", 2)[0]);
      if (iso.isEmpty()) {
        return true; // Content follows at once, which the section allows.
      }
      fields.time(iso.get());
      at.word(41);
      at.back();
    }
    if (!at.skip(" ")) {
      return false;
    }
    at.hostAndTag(fields);
    return true;
  }
}
