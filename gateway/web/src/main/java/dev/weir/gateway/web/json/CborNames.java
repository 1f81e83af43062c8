package dev.weir.gateway.web.json;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The names of members and the words of `op` that `weir.bin.v1` writes as numbers: the place in
/// this list. It only grows, at its end; a name that is not in it is written as text.
public final class CborNames {
  /// In the order of their numbers, from 0 on. The first 24 take one byte.
  public static final List<String> ALL =
      List.of(
          "op",
          "id",
          "ref",
          "message",
          "cursor",
          "topic",
          "body",
          "position",
          "stored",
          "time",
          "key",
          "headers",
          "lease",
          "leases",
          "credit",
          "publish",
          "receipt",
          "delivery",
          "ack",
          "settled",
          "request",
          "reply",
          "sequence",
          "change",
          "contentType",
          "ttl",
          "delay",
          "priority",
          "durability",
          "duplicate",
          "protocol",
          "maxFrame",
          "heartbeatMillis",
          "welcome",
          "attach",
          "attached",
          "filters",
          "from",
          "endAtTail",
          "gap",
          "to",
          "reason",
          "end",
          "detach",
          "detached",
          "queue",
          "consume",
          "consuming",
          "prefetch",
          "nack",
          "reject",
          "extend",
          "failed",
          "ping",
          "pong",
          "error",
          "problem",
          "type",
          "title",
          "status",
          "detail",
          "code",
          "fix",
          "deliveries",
          "dead",
          "serve",
          "serving",
          "filter",
          "capacity",
          "until",
          "timeout",
          "fail",
          "presence",
          "since",
          "missed",
          "members",
          "member",
          "user",
          "data",
          "grace",
          "kind",
          "previous",
          "enter",
          "entered",
          "update",
          "updated",
          "leave",
          "left",
          "auth",
          "authorized",
          "token");

  private static final Map<String, Integer> NUMBERS = new HashMap<>();

  static {
    for (int i = 0; i < ALL.size(); i++) {
      NUMBERS.put(ALL.get(i), i);
    }
  }

  private CborNames() {}

  static Optional<Integer> number(String name) {
    return Optional.ofNullable(NUMBERS.get(name));
  }

  static Optional<String> name(long number) {
    return number < ALL.size() ? Optional.of(ALL.get((int) number)) : Optional.empty();
  }
}
