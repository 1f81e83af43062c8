package dev.weir.broker;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.WeirException;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Messages that came side by side, as few batches: a run of neighbours of one topic and one
/// partition is one append, one record of the log, one wake-up of who reads it. A message that
/// cannot be stored, or is stored already, harms no other of its run: they are then offered one by
/// one.
///
/// Any thread.
final class PublishRuns {
  /// What a core commits at once anyway; whoever reads one message of a batch decodes all of it.
  private static final int MAX_BYTES = 256 << 10;

  private static final int MAX_MESSAGES = 512;

  /// What a record takes beside the message's own bytes, at most.
  private static final int RECORD_BYTES = 128;

  private final PublishQueue queue;
  private final int partitions;

  PublishRuns(PublishQueue queue, int partitions) {
    this.queue = queue;
    this.partitions = partitions;
  }

  /// @param nowMicros stamped on messages without a time
  void publish(List<Message> messages, long nowMicros, ReceiptsListener listener) {
    int first = 0;
    while (first < messages.size()) {
      Run run = run(messages, first, nowMicros, listener);
      queue.add(run.request, run);
      first += run.messages.size();
    }
  }

  /// The run that begins with a message.
  private Run run(List<Message> all, int first, long nowMicros, ReceiptsListener listener) {
    Message head = all.get(first);
    int partition = partition(head);
    int end = first + 1;
    long bytes = bound(head);
    while (end < all.size() && end - first < MAX_MESSAGES && bytes < MAX_BYTES) {
      Message next = all.get(end);
      bytes += bound(next);
      if (!next.topic().equals(head.topic()) || partition(next) != partition) {
        break;
      }
      end++;
    }
    if (end == first + 1) {
      return new Run(List.of(head), first, nowMicros, listener, PublishRequest.of(head, nowMicros));
    }
    BatchBuilder builder = BatchBuilder.forOne(Math.clamp(bytes, 1 << 10, MAX_BYTES));
    List<Message> taken = new ArrayList<>(end - first);
    for (int i = first; i < end && builder.add(stamped(all.get(i), nowMicros)); i++) {
      taken.add(all.get(i));
    }
    PublishRequest request =
        taken.size() == 1
            ? PublishRequest.of(head, nowMicros)
            : PublishRequest.ofMany(builder.build(0, Bytes.EMPTY), head.key());
    return new Run(taken, first, nowMicros, listener, request);
  }

  private int partition(Message message) {
    return partitions == 1
        ? 0
        : Math.floorMod(PublishCheck.routing(message.key(), message.topic()), partitions);
  }

  private static Message stamped(Message message, long nowMicros) {
    return message.timeMicros() == 0 ? message.withTimeMicros(nowMicros) : message;
  }

  /// Never less than the builder needs, so that all of what was counted fits.
  private static long bound(Message message) {
    long bytes =
        (long) RECORD_BYTES
            + message.body().length()
            + message.key().length()
            + message.id().length()
            + 3L * message.contentType().length();
    for (Map.Entry<String, String> header : message.headers().entrySet()) {
      bytes += 10 + 3L * (header.getKey().length() + header.getValue().length());
    }
    return bytes;
  }

  /// One of them on its way: its outcome is that of each of its messages.
  static final class Run implements PublishListener {
    private final List<Message> messages;
    private final int first;
    private final long nowMicros;
    private final ReceiptsListener listener;
    private final PublishRequest request;

    /// Set and read by who offers it.
    private boolean isParted;

    private Run(
        List<Message> messages,
        int first,
        long nowMicros,
        ReceiptsListener listener,
        PublishRequest request) {
      this.messages = messages;
      this.first = first;
      this.nowMicros = nowMicros;
      this.listener = listener;
      this.request = request;
    }

    PublishRequest request() {
      return request;
    }

    /// One by one, in order, once it was parted; else nothing.
    List<Run> parts() {
      if (!isParted) {
        return List.of();
      }
      Checks.state(messages.size() > 1, "a single message was parted");
      List<Run> parts = new ArrayList<>(messages.size());
      for (int i = 0; i < messages.size(); i++) {
        Message each = messages.get(i);
        PublishRequest alone = PublishRequest.of(each, nowMicros);
        parts.add(new Run(List.of(each), first + i, nowMicros, listener, alone));
      }
      return parts;
    }

    @Override
    public void stored(Receipt receipt, long commitMicros, long queueMicros) {
      listener.stored(first, messages.size(), receipt);
    }

    @Override
    public void failed(WeirException cause) {
      listener.failed(first, messages.size(), cause);
    }

    @Override
    public void parted() {
      isParted = true;
    }
  }
}
