package dev.weir.base;

import java.util.Arrays;
import java.util.Optional;

/// Every refusal and fault that a person or a peer can meet: a stable code, what it means and what
/// to do. Codes are grouped as 1xxx configuration, 2xxx network, 3xxx identity, 4xxx store, 5xxx
/// spool, 6xxx flow, 7xxx protocol, 8xxx consumers, 9xxx bugs. A code is never reused.
public enum ErrorCode {
  CONFIG_INVALID(1001, "The configuration is not valid.", "Run `weir config check FILE`."),
  USAGE(1002, "The command line is not valid.", "Run the command with --help."),
  CONFIG_UNREADABLE(
      1101,
      "A configuration file cannot be read as text.",
      "Check the path, its permissions and that it is UTF-8."),
  CONFIG_SYNTAX(1102, "The configuration is not well-formed YAML.", "Correct the marked place."),
  CONFIG_LIMIT(
      1103,
      "The configuration is too large, too deep, or uses a part of YAML that is not allowed.",
      "Write plain keys and values; anchors, aliases and tags are not read."),
  CONFIG_VERSION(
      1104,
      "The version of the configuration is missing or not known.",
      "Write `version: 1` on the first line."),
  CONFIG_UNKNOWN_KEY(1105, "The key is not known.", "Run `weir config init` to see every key."),
  CONFIG_DUPLICATE_KEY(1106, "A key is given twice.", "Keep one of the two."),
  CONFIG_MISSING_KEY(1107, "A key that has no default is missing.", "Add it."),
  CONFIG_TYPE(1108, "A value is not of the type of its key.", "Write it as its key expects."),
  CONFIG_RANGE(1109, "A value is outside of its range.", "Choose a value within the range."),
  CONFIG_INTERPOLATION(
      1110,
      "A `${...}` in a value cannot be replaced.",
      "Use ${env:NAME}, ${env:NAME:-default} or ${file:/path}; $${ is a literal ${."),
  CONFIG_CONFLICT(1111, "Two settings contradict each other.", "Change one of them."),
  CONFIG_INSECURE_BIND(
      1112,
      "An address beyond loopback would accept anyone who reaches it.",
      "Listen on 127.0.0.1, say who is let in by auth.file, or set server.insecureBind: true."),
  CONFIG_ENVIRONMENT(
      1113,
      "This machine cannot run the configuration.",
      "Check the directory, its permissions and the port."),
  UNREACHABLE(2001, "The server cannot be reached.", "Start `weir serve` or check the address."),
  TIMED_OUT(2002, "The answer did not come in time.", "Retry, or raise --timeout."),
  CONNECTION_LOST(2003, "The connection was lost.", "It is retried by itself."),
  ADDRESS_IN_USE(
      2004,
      "The listening address is taken.",
      "Stop the other process or choose another --listen."),
  STALLED(
      2005,
      "The peer lives, but one direction of the connection does not move.",
      "Open another connection; look at what lies between the two ends."),
  SLOT_MOVED(
      2006,
      "The node does not keep this key, by the newest map of the storage nodes.",
      "It is tried again by itself; give every router the newest router.storages and mapVersion."),
  NODE_SET_ASIDE(
      2007,
      "The storage node that keeps this key is leaving, or cannot store.",
      "It is tried again by itself; `weir nodes` and the node's log say more."),
  SUPERSEDED(
      3001,
      "A newer session of the same agent took over.",
      "Give each edge a spool of its own; a copied spool carries a copied identity."),
  UNAUTHENTICATED(3002, "The server refuses this identity.", "Check the credentials."),
  DUPLICATE_IDENTITY(
      3003,
      "Two senders use one identity: the server holds a frame that this one never sent.",
      "One of the two spools is a copy. Start that edge on an empty spool directory;"
          + " `weir spool export DIR` prints what the copy still holds."),
  CREDENTIALS_MISSING(
      3004,
      "No credentials were shown, and the server lets nobody in without.",
      "Show a token, a user with a password, or a client certificate; `weir auth` makes them."),
  CREDENTIALS_EXPIRED(3005, "The credentials were valid until a time that is past.", "Renew them."),
  CREDENTIALS_REVOKED(
      3006, "The credentials were taken back.", "Ask who administers the server for new ones."),
  NOT_PERMITTED(
      3007,
      "The user's permissions do not say that this may be done.",
      "`weir auth check USER ACTION TOPIC` names the rule; `weir auth acl add` adds one."),
  LOGIN_PAUSED(
      3008,
      "Too many wrong passwords came from this address.",
      "Wait for the time given, then log in with the right one."),
  ORIGIN_REFUSED(
      3101,
      "Pages of this origin, or under this host name, may not use the core.",
      "Add the page's origin to server.web.origins."),
  LOG_POISONED(
      4001,
      "A write or fsync of the log failed; nothing after the last durable position is acked.",
      "Check the disk and the kernel log, then restart."),
  DISK_FULL(4002, "The disk is full.", "Free space, or lower the retention."),
  LOG_DAMAGED(
      4003,
      "Part of the log is damaged and was recorded as a hole.",
      "Run `weir log verify DIR`; everything outside the hole is intact."),
  DATA_DIRECTORY_LOCKED(
      4004, "Another process uses this directory.", "Stop it, or choose another directory."),
  BEFORE_RETENTION(
      4005, "The position is older than what is kept.", "Start from the first kept position."),
  SPOOL_FULL(
      5001, "The spool is full.", "Wait for the uplink, raise the limit or choose a drop policy."),
  WINDOW_FULL(
      6001, "The window of messages in flight is full.", "Wait for acks or raise the window."),
  CREDIT_EXCEEDED(
      6002,
      "More was sent than the receiver allowed.",
      "Honour the credit that the receiver grants."),
  OVERLOADED(6003, "The server is at its limit.", "Retry after the given time."),
  QUEUE_FULL(
      6004,
      "The queue of a version 1 client is full; the oldest message was dropped.",
      "Keep fewer messages in flight."),
  QUOTA_EXCEEDED(
      6006,
      "The user has as much of this as its quota allows.",
      "Use less, or raise `quota` in auth.yaml."),
  RETAINED_FULL(
      6007,
      "As many topics have a retained message as may.",
      "Clear some, or raise `store.retainedTopics`."),
  FLOODED(
      6005,
      "More frames came that cost nothing to send than the limit allows.",
      "Send fewer pings, resets and empty updates; the connection was closed."),
  UNSUPPORTED_VERSION(7001, "The protocol version is not known.", "Use version 1 or 2."),
  MALFORMED(7002, "The message cannot be decoded.", "Check the client's encoder."),
  TOO_LARGE(7003, "The message is larger than the limit.", "Send less, or raise the limit."),
  DECOMPRESSION_REFUSED(
      7004, "The decompressed size or ratio is beyond the limit.", "Send smaller messages."),
  UNKNOWN_DICTIONARY(7005, "The compression dictionary is not known.", "Publish it before use."),
  OUT_OF_SEQUENCE(
      7006, "A frame is missing before this one.", "Send again from the sequence named."),
  INVALID_TOPIC(
      7007,
      "The topic or filter is not valid.",
      "Use levels such as a/b/c; + and # only in filters."),
  INVALID_CURSOR(7008, "The cursor is not valid.", "Use a cursor that this server gave out."),
  DICTIONARY_REFUSED(
      7009,
      "The compression dictionary is not taken.",
      "Go on without it, or send fewer and smaller ones."),
  PROTOCOL_BROKEN(
      7010,
      "A frame came that the protocol does not allow here.",
      "Check the peer's implementation; the connection was closed."),
  CHECKSUM_WRONG(
      7011,
      "A frame arrived damaged: its checksum is wrong.",
      "Look at memory, network cards and what lies between the two ends; the connection was"
          + " closed."),
  PATH_UNKNOWN(7101, "There is nothing at this path.", "GET /v1/openapi.json lists all paths."),
  METHOD_UNKNOWN(
      7102, "The path does not take this method.", "Use one that the header Allow names."),
  SLOW_CONSUMER(
      8001,
      "The consumer does not keep up.",
      "Go on where it stopped; read faster, or let a subscription choose another policy."),
  LEASE_OVER(
      8002,
      "The consumer does not hold the message any more.",
      "Ack within the lease, or extend it; the message goes to another consumer."),
  QUEUE_UNKNOWN(8003, "There is no such queue.", "Create it, or look at `weir queue ls`."),
  QUEUE_EXISTS(
      8004,
      "There is a queue of this name with other settings.",
      "Choose another name, or remove the queue first."),
  QUEUE_NOT_EMPTY(
      8005,
      "The queue holds messages.",
      "Consume, move or purge them first, or remove it with `weir queue rm --force`."),
  CLIENT_UNKNOWN(
      8006, "There is no such connection, and none is remembered.", "Look at `weir client ls`."),
  NO_RESPONDER(
      8101, "Nobody answers requests to this topic now.", "Start its service, or check the topic."),
  RESPONDER_LOST(
      8102,
      "Who took the request left before it answered; it may have been dealt with.",
      "Ask again if doing it twice does no harm."),
  REQUEST_FAILED(
      8103, "Who took the request could not deal with it.", "See what it says; ask it otherwise."),
  BUG(9001, "A fault of Weir itself.", "Please report it with the output of --verbose.");

  private final int number;
  private final String meaning;
  private final String fix;

  ErrorCode(int number, String meaning, String fix) {
    this.number = number;
    this.meaning = meaning;
    this.fix = fix;
  }

  /// The code with a number; empty when this version does not know it.
  public static Optional<ErrorCode> of(int number) {
    return Arrays.stream(values()).filter(code -> code.number == number).findFirst();
  }

  public int number() {
    return number;
  }

  /// The code as it is shown: `WEIR-4002`.
  public String label() {
    return "WEIR-" + number;
  }

  public String meaning() {
    return meaning;
  }

  public String fix() {
    return fix;
  }
}
