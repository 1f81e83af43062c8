package dev.weir.gateway.grpc;

import dev.weir.base.WeirException;
import dev.weir.broker.QueuedMessage;
import dev.weir.proto.v1.ConsumeResponse;
import dev.weir.proto.v1.QueueDeliveries;
import dev.weir.proto.v1.Settled;
import dev.weir.proto.v1.SettledSeveral;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a consumer is told, in as few responses as it takes: one for each thing, or several things
/// in one.
final class ConsumeAnswers {
  /// What became of a settlement.
  record Answer(long lease, @Nullable WeirException fault) {}

  /// Well below the 4 MiB that clients in other languages take by default.
  static final int MAX_BYTES = 256 << 10;

  /// What a delivery takes beside its body.
  private static final int DELIVERY_BYTES = 256;

  /// Answers in one response, of some 10 bytes each.
  private static final int MAX_GATHERED = 1 << 12;

  private ConsumeAnswers() {}

  static List<ConsumeResponse> deliveries(List<QueuedMessage> messages, boolean isGathering) {
    List<ConsumeResponse> words = new ArrayList<>();
    QueueDeliveries.Builder several = QueueDeliveries.newBuilder();
    long bytes = 0;
    for (QueuedMessage message : messages) {
      if (!isGathering) {
        words.add(ConsumeResponse.newBuilder().setDelivery(QueueWords.delivery(message)).build());
        continue;
      }
      int weight = DELIVERY_BYTES + message.message().body().length();
      if (several.getDeliveriesCount() > 0 && bytes + weight > MAX_BYTES) {
        words.add(ConsumeResponse.newBuilder().setDeliveries(several).build());
        several = QueueDeliveries.newBuilder();
        bytes = 0;
      }
      several.addDeliveries(QueueWords.delivery(message));
      bytes += weight;
    }
    if (several.getDeliveriesCount() > 0) {
      words.add(ConsumeResponse.newBuilder().setDeliveries(several).build());
    }
    return words;
  }

  static List<ConsumeResponse> settled(List<Answer> answers, boolean isGathering) {
    List<ConsumeResponse> words = new ArrayList<>();
    if (!isGathering) {
      for (Answer answer : answers) {
        words.add(ConsumeResponse.newBuilder().setSettled(settled(answer)).build());
      }
      return words;
    }
    for (int from = 0; from < answers.size(); from += MAX_GATHERED) {
      int end = Math.min(answers.size(), from + MAX_GATHERED);
      SettledSeveral.Builder several = SettledSeveral.newBuilder();
      for (Answer answer : answers.subList(from, end)) {
        if (answer.fault() == null) {
          several.addDurable(answer.lease());
        } else {
          several.addSettled(settled(answer));
        }
      }
      words.add(ConsumeResponse.newBuilder().setSettledSeveral(several).build());
    }
    return words;
  }

  private static Settled.Builder settled(Answer answer) {
    Settled.Builder settled = Settled.newBuilder().setLease(answer.lease());
    if (answer.fault() != null) {
      settled.setFailure(Failures.of(answer.fault()));
    }
    return settled;
  }
}
