package dev.weir.broker.direct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.message.Message;
import org.junit.jupiter.api.Test;

final class RecentMessagesTest {
  private final RecentMessages recent = new RecentMessages(4_096);

  @Test
  void holdsWhatItWasTold() {
    StreamMessage message = message(100);

    recent.add(7, message);

    assertThat(recent.at(7)).isSameAs(message);
    assertThat(recent.at(8)).isNull();
  }

  @Test
  void forgetsTheOldestBeyondItsBytes() {
    for (int place = 0; place < 100; place++) {
      recent.add(place, message(1_000));
    }

    assertThat(recent.at(99)).isNotNull();
    assertThat(recent.at(97)).isNotNull();
    assertThat(recent.at(96)).isNull();
  }

  @Test
  void countsAMessageOfSeveralQueuesOnce() {
    recent.add(0, message(1_000));
    for (int queue = 0; queue < 50; queue++) {
      recent.add(1, message(1_000));
    }

    assertThat(recent.at(0)).isNotNull();
  }

  @Test
  void holdsASingleMessageThatIsLargerThanAll() {
    recent.add(1, message(10));
    recent.add(2, message(10_000));

    assertThat(recent.at(2)).isNotNull();
    assertThat(recent.at(1)).isNull();
  }

  private static StreamMessage message(int bytes) {
    return new StreamMessage(Message.of("t", Bytes.wrap(new byte[bytes])), 1);
  }
}
