package dev.weir.gateway.grpc;

import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.ReceiptsListener;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.proto.v1.PublishRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// The messages that a publisher sent in one turn of the event loop, with their numbers. Filled and
/// published by that loop; told of outcomes by any thread afterwards.
final class PublishTurn implements ReceiptsListener {
  private final Consumer<PublishAnswer> answers;
  private final List<Message> messages = new ArrayList<>();
  private long[] numbers = new long[8];

  PublishTurn(Consumer<PublishAnswer> answers) {
    this.answers = answers;
  }

  /// Bytes of the bodies of a request.
  static long bytes(PublishRequest request) {
    long bytes = request.getMessage().getBody().size();
    for (int i = 0; i < request.getMoreCount(); i++) {
      bytes += request.getMore(i).getBody().size();
    }
    return bytes;
  }

  void add(PublishRequest request) {
    add(request.getNumber(), request.getMessage());
    for (int i = 0; i < request.getMoreCount(); i++) {
      add(request.getNumber() + 1 + i, request.getMore(i));
    }
  }

  /// What no message can be is answered at once and harms no other.
  private void add(long number, dev.weir.proto.v1.Message words) {
    Message message;
    try {
      message = Messages.of(words);
    } catch (WeirException | IllegalArgumentException e) {
      answers.accept(PublishAnswer.failed(number, 1, words.getBody().size(), Failures.typed(e)));
      return;
    }
    if (messages.size() == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * numbers.length);
    }
    numbers[messages.size()] = number;
    messages.add(message);
  }

  void publish(Broker broker) {
    if (!messages.isEmpty()) {
      broker.publishEach(messages, this);
    }
  }

  @Override
  public void stored(int first, int count, Receipt receipt) {
    int from = first;
    while (from < first + count) {
      int end = endOfNumbers(from, first + count);
      answers.accept(
          PublishAnswer.stored(numbers[from], end - from, bytes(from, end), receipt, from - first));
      from = end;
    }
  }

  @Override
  public void failed(int first, int count, WeirException cause) {
    int from = first;
    while (from < first + count) {
      int end = endOfNumbers(from, first + count);
      answers.accept(PublishAnswer.failed(numbers[from], end - from, bytes(from, end), cause));
      from = end;
    }
  }

  /// Where numbers that follow one another end.
  private int endOfNumbers(int from, int limit) {
    int end = from + 1;
    while (end < limit && numbers[end] == numbers[end - 1] + 1) {
      end++;
    }
    return end;
  }

  private long bytes(int from, int end) {
    long bytes = 0;
    for (int i = from; i < end; i++) {
      bytes += messages.get(i).body().length();
    }
    return bytes;
  }
}
