package dev.weir.gateway.grpc;

import dev.weir.base.WeirException;
import dev.weir.broker.Consumption;
import dev.weir.broker.Settlements;
import dev.weir.broker.Settling;
import dev.weir.gateway.grpc.ConsumeAnswers.Answer;
import dev.weir.proto.v1.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a consumer asked for in one turn of the event loop, in order. Owned by that loop; the
/// answers come on any thread.
final class SettleTurn {
  private record Asked(long lease, @Nullable Settlement words) {}

  private final Consumer<List<Answer>> answers;
  private final List<Asked> asked = new ArrayList<>();
  private final List<Settling> settlings = new ArrayList<>();
  private final List<Answer> refused = new ArrayList<>();

  SettleTurn(Consumer<List<Answer>> answers) {
    this.answers = answers;
  }

  boolean isEmpty() {
    return asked.isEmpty();
  }

  void add(Settlement settlement) {
    asked.add(new Asked(settlement.getLease(), settlement));
  }

  /// An ack.
  void add(long lease) {
    asked.add(new Asked(lease, null));
  }

  /// Finds what is meant; under the lock of what is held.
  void resolve(HeldMessages held, long nowMicros) {
    for (Asked each : asked) {
      try {
        Settlement words = each.words();
        settlings.add(words == null ? held.ack(each.lease()) : held.settling(words, nowMicros));
      } catch (WeirException | IllegalArgumentException e) {
        refused.add(new Answer(each.lease(), Failures.typed(e)));
      }
    }
  }

  /// Settles what was found, without a lock.
  void settle(Consumption open) {
    List<Answer> held = new ArrayList<>(settlings.size());
    if (!settlings.isEmpty()) {
      Settlements settled = open.settle(settlings);
      Map<Integer, WeirException> faults = settled.refused();
      for (int i = 0; i < settlings.size(); i++) {
        WeirException fault = faults.isEmpty() ? null : faults.get(i);
        (fault == null ? held : refused).add(new Answer(settlings.get(i).message().lease(), fault));
      }
      var _ = settled.durable().whenComplete((_, fault) -> answer(held, fault));
    }
    answer(refused, null);
  }

  private void answer(List<Answer> settled, @Nullable Throwable fault) {
    if (settled.isEmpty()) {
      return;
    }
    if (fault == null) {
      answers.accept(settled);
      return;
    }
    WeirException cause = Failures.typed(fault);
    answers.accept(settled.stream().map(each -> new Answer(each.lease(), cause)).toList());
  }
}
