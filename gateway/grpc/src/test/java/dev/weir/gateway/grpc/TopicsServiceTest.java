package dev.weir.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weir.message.Retain;
import dev.weir.proto.v1.Delivery;
import dev.weir.proto.v1.GapReason;
import dev.weir.proto.v1.ListRetainedRequest;
import dev.weir.proto.v1.ListRetainedResponse;
import dev.weir.proto.v1.Message;
import dev.weir.proto.v1.PublishBatchRequest;
import dev.weir.proto.v1.SlowAction;
import dev.weir.proto.v1.SlowConsumer;
import dev.weir.proto.v1.SubscribeResponse;
import dev.weir.proto.v1.SubscriptionStart;
import dev.weir.proto.v1.TopicsGrpc;
import dev.weir.testkit.Eventually;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class TopicsServiceTest {
  @TempDir Path directory;

  private static Message.Builder message(String topic, String body) {
    return Message.newBuilder().setTopic(topic).setBody(ByteString.copyFromUtf8(body));
  }

  private static Message kept(String topic, String body) {
    return message(topic, body).putHeaders(Retain.HEADER, "true").build();
  }

  private static TopicsGrpc.TopicsBlockingStub topics(Door door) {
    return TopicsGrpc.newBlockingStub(door.channel);
  }

  private static void publish(Door door, Message... messages) {
    for (Message message : messages) {
      var _ =
          topics(door).publishBatch(PublishBatchRequest.newBuilder().addMessages(message).build());
    }
  }

  @Test
  void listsWhatIsRetainedPageByPage() {
    try (Door door = new Door(directory)) {
      publish(door, kept("a/1", "x"), kept("a/2", "y"), kept("a/1", "z"), kept("b", "no"));
      ListRetainedRequest.Builder request =
          ListRetainedRequest.newBuilder().setFilter("a/+").setLimit(1);

      ListRetainedResponse first = topics(door).listRetained(request.build());
      ListRetainedResponse second =
          topics(door).listRetained(request.setAfter(first.getAfter()).build());

      assertThat(first.getMessages(0).getMessage().getBody().toStringUtf8()).isEqualTo("z");
      assertThat(first.getAfter()).isEqualTo("a/1");
      assertThat(second.getMessages(0).getMessage().getBody().toStringUtf8()).isEqualTo("y");
      assertThat(second.getAfter()).isEmpty();
    }
  }

  @Test
  void refusesWhatMeansNothing() {
    try (Door door = new Door(directory)) {
      assertThatThrownBy(() ->
              topics(door)
                  .listRetained(ListRetainedRequest.newBuilder().setFilter("a/#/b").build()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("INVALID_ARGUMENT");
      assertThatThrownBy(() ->
              topics(door).listRetained(ListRetainedRequest.newBuilder().setLimit(-1).build()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("expected 1 to 1000");
      assertThatThrownBy(() -> topics(door).publishBatch(PublishBatchRequest.getDefaultInstance()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("expected 1 to 1000");
    }
  }

  @Test
  void beginsASubscriptionWithWhatIsRetained() {
    try (Door door = new Door(directory)) {
      publish(door, kept("a/1", "x"), kept("a/2", "y"));
      Reader reader =
          Reader.open(
              door,
              Reader.opening("a/#")
                  .setStart(SubscriptionStart.newBuilder().setLive(true))
                  .setWithRetained(true)
                  .setCreditLimitMessages(100)
                  .build());
      reader.awaitBodies(2);
      Eventually.eventually(
          "the end of what is retained", () -> reader.responses().getLast().hasRetainedEnd());
      publish(door, message("a/3", "live").build());
      reader.awaitBodies(3);

      assertThat(reader.bodies()).containsExactly("x", "y", "live");
      assertThat(reader.deliveries().stream().map(Delivery::getIsRetained))
          .containsExactly(true, true, false);
      assertThat(reader.deliveries().getFirst().getNextOffset()).isEqualTo(2);
    }
  }

  @Test
  void tellsWhatASlowReaderDoesNotGet() {
    try (Door door = new Door(directory)) {
      Reader reader =
          Reader.open(
              door,
              Reader.opening("a")
                  .setStart(SubscriptionStart.newBuilder().setLive(true))
                  .setSlow(
                      SlowConsumer.newBuilder()
                          .setAction(SlowAction.SLOW_ACTION_CONFLATE)
                          .setMaxBehind(2))
                  .build());
      Eventually.eventually("it is open", () -> !reader.responses().isEmpty());
      for (int i = 0; i < 10; i++) {
        publish(door, message("a", "" + i).build());
      }
      reader.grant(100);
      reader.awaitBodies(1);
      Eventually.eventually(
          "a gap", () -> reader.responses().stream().anyMatch(SubscribeResponse::hasGap));

      assertThat(reader.bodies()).containsExactly("9");
      assertThat(
              reader.responses().stream()
                  .filter(SubscribeResponse::hasGap)
                  .map(response -> response.getGap().getReason()))
          .containsExactly(GapReason.GAP_REASON_CONFLATED);
    }
  }

  @Test
  void refusesAPolicyThatItDoesNotKnow() {
    try (Door door = new Door(directory)) {
      Reader reader =
          Reader.open(
              door,
              Reader.opening("a").setSlow(SlowConsumer.newBuilder().setActionValue(17)).build());
      reader.awaitEnd();

      assertThat(reader.responses().getLast().getFailed().getDetail()).contains("17");
    }
  }
}
