package dev.weir.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.proto.v1.ConsumeRequest;
import dev.weir.proto.v1.PublishRequest;
import dev.weir.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the client puts into one request, by what the server understands.
@Timeout(60)
final class QueueGatheringTest {
  private static final int LARGE = 20 << 20;

  private static List<Receipt> publish(WeirClient client, int count, String padding) {
    List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      receipts.add(client.queues().publishAsync("jobs", Message.of("any", i + padding)));
    }
    return receipts.stream().map(CompletableFuture::join).toList();
  }

  private static List<String> bodies(int count, String padding) {
    return IntStream.range(0, count).mapToObj(i -> i + padding).toList();
  }

  @Test
  void anOlderServerGetsOneMessageARequest() {
    try (QueueCore core = new QueueCore(false, LARGE);
        WeirClient client = core.client()) {
      List<Receipt> receipts = publish(client, 3_000, "");

      assertThat(receipts).extracting(each -> each.position().offset()).isSorted();
      assertThat(core.published()).hasSize(3_000).allMatch(each -> each.getMoreCount() == 0);
      assertThat(core.bodies()).containsExactlyElementsOf(bodies(3_000, ""));
    }
  }

  @Test
  void aServerThatShowsThatItTakesSeveralGetsSeveral() {
    try (QueueCore core = new QueueCore(true, LARGE);
        WeirClient client = core.client()) {
      publish(client, 1, "");
      List<Receipt> receipts = publish(client, 5_000, "x".repeat(1_000));

      List<PublishRequest> requests = core.published();
      assertThat(requests.getFirst().getGathers()).isTrue();
      assertThat(requests.getFirst().getMoreCount()).isZero();
      assertThat(requests).hasSizeLessThan(4_000);
      assertThat(requests).allMatch(each -> each.getSerializedSize() < 300_000);
      assertThat(requests).allMatch(each -> each.getMoreCount() < 512);
      assertThat(receipts.getLast().position().offset()).isEqualTo(5_000);
      assertThat(receipts).extracting(each -> each.position().offset()).doesNotHaveDuplicates();
    }
  }

  @Test
  void largeMessagesShareARequestWithFewOrNone() {
    try (QueueCore core = new QueueCore(true, LARGE);
        WeirClient client = core.client()) {
      publish(client, 1, "");
      publish(client, 60, "x".repeat(200_000));
      publish(client, 3, "x".repeat(1_000_000));

      assertThat(core.published()).hasSize(64);
    }
  }

  @Test
  void oneAtATimeGoesToAServerThatRefusesTheSizeOfSeveral() {
    try (QueueCore core = new QueueCore(true, 10_000);
        WeirClient client = core.client()) {
      publish(client, 1, "");

      publish(client, 1_000, "x".repeat(1_000));

      assertThat(core.bodies()).containsAll(bodies(1_000, "x".repeat(1_000))).hasSize(1_001);
      assertThat(core.published().getLast().getMoreCount()).isZero();
    }
  }

  private static List<ConsumeRequest> settledBy(QueueCore core) {
    try (WeirClient client = core.client()) {
      List<HeldMessage> held = new CopyOnWriteArrayList<>();
      ConsumeOptions byHand = ConsumeOptions.of("jobs").withPrefetch(100).settledByHand();
      try (QueueConsumer _ = client.queues().consume(byHand, held::add)) {
        Eventually.eventually("all are held", () -> held.size() == 100);
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        for (HeldMessage each : held) {
          answers.add(each.extend(Duration.ofMinutes(1)));
          answers.add(each.ack());
        }
        answers.forEach(CompletableFuture::join);
      }
    }
    return core.consumed();
  }

  @Test
  void anOlderServerGetsOneSettlementARequest() {
    try (QueueCore core = new QueueCore(false, LARGE)) {
      List<ConsumeRequest> requests = settledBy(core);

      assertThat(requests.stream().filter(ConsumeRequest::hasSettle)).hasSize(200);
      assertThat(requests).noneMatch(ConsumeRequest::hasSettleSeveral);
      List<Long> extended = new ArrayList<>();
      for (ConsumeRequest request : requests) {
        if (request.getSettle().hasExtend()) {
          extended.add(request.getSettle().getLease());
        } else if (request.hasSettle()) {
          assertThat(extended).contains(request.getSettle().getLease());
        }
      }
    }
  }

  @Test
  void aServerThatGathersGetsSeveralSettlementsARequest() {
    try (QueueCore core = new QueueCore(true, LARGE)) {
      List<ConsumeRequest> requests = settledBy(core);

      assertThat(requests).noneMatch(ConsumeRequest::hasSettle);
      List<Long> extended = new ArrayList<>();
      List<Long> acked = new ArrayList<>();
      for (ConsumeRequest request : requests) {
        request.getSettleSeveral().getSettlementsList().forEach(e -> extended.add(e.getLease()));
        acked.addAll(request.getSettleSeveral().getAckedList());
        assertThat(extended).containsAll(request.getSettleSeveral().getAckedList());
      }
      assertThat(acked).hasSize(100).doesNotHaveDuplicates();
    }
  }
}
