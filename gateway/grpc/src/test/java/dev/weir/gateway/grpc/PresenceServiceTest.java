package dev.weir.gateway.grpc;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.broker.PresenceHolder;
import dev.weir.broker.PresenceMember;
import dev.weir.proto.v1.EnterPresence;
import dev.weir.proto.v1.GetPresenceRequest;
import dev.weir.proto.v1.JoinRequest;
import dev.weir.proto.v1.JoinResponse;
import dev.weir.proto.v1.LeavePresence;
import dev.weir.proto.v1.PresenceGrpc;
import dev.weir.proto.v1.PresenceKind;
import dev.weir.proto.v1.PresenceView;
import dev.weir.proto.v1.UpdatePresence;
import dev.weir.proto.v1.WatchPresenceRequest;
import dev.weir.proto.v1.WatchPresenceResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class PresenceServiceTest {
  @TempDir Path directory;

  /// Keeps what a watch hears.
  private static final class Heard implements StreamObserver<WatchPresenceResponse> {
    final List<WatchPresenceResponse> all = new CopyOnWriteArrayList<>();
    volatile boolean isEnded;

    @Override
    public void onNext(WatchPresenceResponse response) {
      all.add(response);
    }

    @Override
    public void onError(Throwable cause) {
      isEnded = true;
    }

    @Override
    public void onCompleted() {
      isEnded = true;
    }

    Heard await(int count) {
      eventually(count + " responses", () -> all.size() >= count);
      return this;
    }
  }

  private static Talk<JoinRequest, JoinResponse> join(Door door) {
    return Talk.open(PresenceGrpc.newStub(door.channel)::join);
  }

  private static JoinRequest.Builder of(long number, String member) {
    return JoinRequest.newBuilder().setNumber(number).setTopic("room").setMember(member);
  }

  private static JoinRequest enter(long number, String member, long graceMillis) {
    return of(number, member)
        .setEnter(
            EnterPresence.newBuilder()
                .setData(ByteString.copyFromUtf8("1"))
                .setGraceMillis(graceMillis))
        .build();
  }

  private static Heard watch(Door door, String topic, long since) {
    Heard heard = new Heard();
    PresenceGrpc.newStub(door.channel)
        .watch(WatchPresenceRequest.newBuilder().setTopic(topic).setSince(since).build(), heard);
    return heard;
  }

  private static PresenceView view(Door door) {
    return PresenceGrpc.newBlockingStub(door.channel)
        .getPresence(GetPresenceRequest.newBuilder().setTopic("room").build())
        .getView();
  }

  @Test
  void aWatcherThatStandsStillIsToldSo() {
    try (Door door = new Door(directory)) {
      WatchPresenceRequest request = WatchPresenceRequest.newBuilder().setTopic("room").build();
      PresenceGrpc.PresenceStub stub = PresenceGrpc.newStub(door.narrowChannel());
      Talk<WatchPresenceRequest, WatchPresenceResponse> slow =
          Talk.unread(answers -> stub.watch(request, answers));
      eventually("it watches", () -> door.broker.stats().presence().watches() == 1);
      PresenceHolder holder = door.broker.presence().hold("");
      holder.enter("room", "m", Bytes.EMPTY, Duration.ofMinutes(1)).toCompletableFuture().join();
      for (int i = 0; i < 600; i++) {
        byte[] data = new byte[PresenceMember.MAX_DATA_BYTES];
        data[0] = (byte) i;
        data[1] = (byte) (i >> 8);
        holder.update("room", "m", Bytes.wrap(data)).toCompletableFuture().join();
      }

      eventually("it is heard no more", () -> door.broker.stats().presence().watches() == 0);
      slow.call().request(1_000);
      assertThat(slow.awaitEnd().isOk()).isTrue();
      assertThat(slow.answers()).hasSizeLessThan(400);
      assertThat(slow.answers().getLast().getFailed().getCode())
          .isEqualTo(ErrorCode.OVERLOADED.number());
    }
  }

  @Test
  void membersEnterUpdateAndLeave() {
    try (Door door = new Door(directory)) {
      Heard heard = watch(door, "room", 0).await(1);
      Talk<JoinRequest, JoinResponse> anna = join(door);
      anna.say(enter(1, "anna", 60_000));
      anna.say(
          of(2, "anna")
              .setUpdate(UpdatePresence.newBuilder().setData(ByteString.copyFromUtf8("2")))
              .build());
      assertThat(anna.await(2)).extracting(JoinResponse::getNumber).containsExactly(1L, 2L);
      assertThat(view(door).getMembersList())
          .singleElement()
          .satisfies(each -> assertThat(each.getData().toStringUtf8()).isEqualTo("2"));
      anna.say(of(3, "anna").setLeave(LeavePresence.getDefaultInstance()).build());

      heard.await(4);
      assertThat(heard.all.getFirst().getView().getHasMissed()).isTrue();
      assertThat(heard.all.subList(1, 4))
          .extracting(each -> each.getChange().getKind())
          .containsExactly(
              PresenceKind.PRESENCE_KIND_ENTERED,
              PresenceKind.PRESENCE_KIND_UPDATED,
              PresenceKind.PRESENCE_KIND_LEFT);
      long last = heard.all.getFirst().getView().getSequence();
      for (WatchPresenceResponse each : heard.all.subList(1, 4)) {
        assertThat(each.getChange().getPrevious()).isEqualTo(last);
        last = each.getChange().getSequence();
      }
      Heard again = watch(door, "room", last).await(1);
      assertThat(again.all.getFirst().getView().getHasMissed()).isFalse();
    }
  }

  @Test
  void aCallThatDiesLeavesItsMembersToTheirGrace() {
    try (Door door = new Door(directory)) {
      Talk<JoinRequest, JoinResponse> dying = join(door);
      dying.say(enter(1, "goes", 10)).say(enter(2, "stays", 60_000));
      dying.await(2);
      dying.call().cancel("it dies", null);

      eventually("one is left", () -> view(door).getMembersCount() == 1);
      assertThat(view(door).getMembers(0).getName()).isEqualTo("stays");
      Talk<JoinRequest, JoinResponse> leaving = join(door);
      leaving.say(enter(1, "stays", 0));
      leaving.await(1);
      leaving.call().onCompleted();
      assertThat(leaving.awaitEnd().isOk()).isTrue();
      eventually("nobody is left", () -> view(door).getMembersCount() == 0);
    }
  }

  @Test
  void refusesWhatMakesNoSenseAndGoesOn() {
    try (Door door = new Door(directory)) {
      Talk<JoinRequest, JoinResponse> talk = join(door);
      talk.say(of(1, "x").build())
          .say(enter(2, "", 0))
          .say(enter(3, "x", 700_000))
          .say(of(4, "x").setLeave(LeavePresence.getDefaultInstance()).build())
          .say(enter(5, "x", 1));
      talk.await(5);

      for (JoinResponse each : talk.answers()) {
        assertThat(each.hasFailure()).as("" + each).isEqualTo(each.getNumber() != 5);
      }
      Heard heard = watch(door, "a/#", 0).await(1);
      assertThat(heard.all.getFirst().getFailed().getCode()).isEqualTo(7007);
      eventually("it ends", () -> heard.isEnded);
    }
  }
}
