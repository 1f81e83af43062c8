package dev.weir.edge.source.relp;

import dev.weir.base.WeirException;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.DeliveryListener;
import dev.weir.message.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// What is to be answered, in the order of the commands.
sealed interface RelpAnswer {
  /// What can be said at once.
  record Said(String text) implements RelpAnswer {
    /// A response to one command: its code and a sentence, then data of the command.
    static Said to(int number, String text) {
      int length = text.getBytes(StandardCharsets.UTF_8).length;
      return new Said(number + " rsp " + length + " " + text + "\n");
    }
  }

  /// Messages that are answered once they are durable.
  ///
  /// @param numbers their transactions
  /// @param bytes of their bodies
  record Stored(List<Integer> numbers, List<Message> messages, int bytes, Attempt attempt)
      implements RelpAnswer {
    public Stored {
      numbers = List.copyOf(numbers);
      messages = List.copyOf(messages);
    }

    Stored again() {
      return new Stored(numbers, messages, bytes, new Attempt());
    }

    Delivery delivery() {
      return Delivery.of(messages, Map.of(), attempt);
    }

    String text() {
      StringBuilder text = new StringBuilder();
      for (int number : numbers) {
        text.append(number).append(" rsp 6 200 OK\n");
      }
      return text.toString();
    }
  }

  /// One time of handing over; ends with nothing, or with why nothing is stored.
  final class Attempt extends CompletableFuture<Void> implements DeliveryListener {
    @Override
    public void durable() {
      complete(null);
    }

    @Override
    public void failed(WeirException cause) {
      completeExceptionally(cause);
    }
  }
}
