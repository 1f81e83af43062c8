package dev.weir.edge.source.relp;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.Line;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.socket.Connection;
import dev.weir.edge.source.syslog.SyslogMessages;
import dev.weir.message.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One connection of a RELP client: reads commands on the connection's thread; [RelpAnswers]
/// answers them in their order on another.
///
/// What it says no to is told with 500, and the sender drops that message: so only what can never
/// be taken is refused (too large, a command that is not offered). While there is no room nothing
/// is answered and nothing is read, and the sender keeps its messages.
final class RelpSession {
  private static final Pattern VERSION = Pattern.compile("(?m)^relp_version=([0-9]{1,3})");

  /// The newest that is spoken here; version 0 has the same frames.
  private static final int MAX_VERSION = 1;

  private final RelpDecoder decoder;
  private final Connection connection;
  private final RelpAnswers answers;
  private final SyslogMessages messages;
  private final SourceMeter meter;
  private final List<Integer> numbers = new ArrayList<>();
  private final List<Message> gathered = new ArrayList<>();
  private int gatheredBytes;
  private boolean isOpen;
  private boolean isEnded;

  RelpSession(
      RelpConfig config,
      Connection connection,
      RelpAnswers answers,
      SyslogMessages messages,
      SourceMeter meter) {
    this.decoder = new RelpDecoder(config.maxMessage().intBytes());
    this.connection = connection;
    this.answers = answers;
    this.messages = messages;
    this.meter = meter;
  }

  /// Reads what is there, half a second at most.
  ///
  /// @return false when no more is to be read
  /// @throws WeirException with MALFORMED; what came before is stored and answered
  boolean step(boolean isClosing) throws IOException, InterruptedException {
    ByteBuffer room = decoder.room();
    int count =
        connection.read(room.array(), room.arrayOffset() + room.position(), room.remaining());
    if (count < 0 && !decoder.isAtBoundary()) {
      meter.fault(SourceFault.CONNECTION_FAILED);
    }
    if (count < 0 || (count == 0 && isClosing)) {
      return false;
    }
    decoder.added(count);
    try {
      for (@Nullable RelpFrame frame = decoder.next();
          frame != null && !isEnded;
          frame = decoder.next()) {
        take(frame);
      }
    } finally {
      handOver();
    }
    // A sender that never pauses must not hold a close up: what it sends now it will send again.
    return !isEnded && !isClosing;
  }

  private void take(RelpFrame frame) throws InterruptedException {
    if (frame.number() == 0) {
      return; // A hint; none is defined for clients.
    }
    String command = frame.command().toLowerCase(Locale.ROOT);
    switch (command) {
      case "open" -> say(frame, open(frame));
      case "syslog" -> syslog(frame);
      case "close" -> {
        isEnded = true;
        handOver();
        answers.put(new RelpAnswer.Said(frame.number() + " rsp 0\n"));
      }
      default -> refuse(frame, "command " + command + " is not offered");
    }
  }

  private String open(RelpFrame frame) {
    Matcher version = VERSION.matcher(frame.data().utf8());
    if (frame.isOversize() || !version.find()) {
      throw new WeirException(ErrorCode.MALFORMED, "RELP: the offers name no relp_version.");
    }
    isOpen = true;
    int agreed = Math.min(MAX_VERSION, Integer.parseInt(version.group(1)));
    return "200 OK\nrelp_version=" + agreed + "\nrelp_software=weir\ncommands=syslog";
  }

  private void syslog(RelpFrame frame) throws InterruptedException {
    if (!isOpen) {
      throw new WeirException(
          ErrorCode.MALFORMED, "RELP: a message came before the session opened.");
    }
    if (frame.isOversize()) {
      meter.fault(SourceFault.OVERSIZE);
      refuse(frame, "message of " + frame.dataBytes() + " bytes is too large");
      return;
    }
    numbers.add(frame.number());
    gathered.add(messages.of(new Line(frame.data(), 0, false), connection.peer()));
    gatheredBytes += frame.dataBytes();
  }

  /// At most 80 characters, as the specification bounds them.
  private void refuse(RelpFrame frame, String reason) throws InterruptedException {
    meter.refused();
    meter.detail(reason);
    say(frame, "500 " + reason.substring(0, Math.min(80, reason.length())));
  }

  private void say(RelpFrame frame, String text) throws InterruptedException {
    handOver();
    answers.put(RelpAnswer.Said.to(frame.number(), text));
  }

  /// What one read brought is stored together and answered together.
  private void handOver() throws InterruptedException {
    if (!gathered.isEmpty()) {
      answers.store(
          new RelpAnswer.Stored(numbers, gathered, gatheredBytes, new RelpAnswer.Attempt()));
      numbers.clear();
      gathered.clear();
      gatheredBytes = 0;
    }
  }
}
