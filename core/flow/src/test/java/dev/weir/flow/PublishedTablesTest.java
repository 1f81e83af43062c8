package dev.weir.flow;

import org.junit.jupiter.api.Test;

final class PublishedTablesTest {
  @Test
  void hasTheNineCellsOfThePublishedClient() {
    ExpectedTable.parse(
            """
            SEND
              IDLE: TRANSMIT > SENDING, FULL
              SENDING: TRANSMIT > SENDING, FULL
              FULL: HOLD
            ACK
              IDLE: IGNORE
              SENDING: SETTLE > IDLE, SENDING
              FULL: SETTLE > IDLE, SENDING, FULL
            TIMEOUT
              IDLE: IGNORE
              SENDING: REQUEUE > IDLE, SENDING
              FULL: REQUEUE > IDLE, SENDING, FULL
            """)
        .assertSame(PublishedSender.TABLE);
  }

  @Test
  void hasTheFourCellsOfThePublishedServer() {
    ExpectedTable.parse(
            """
            RECEIVED
              ROOM: ENQUEUE > ROOM, FULL
              FULL: DROP_OLDEST_AND_TELL
            STORAGE_READY
              ROOM: FORWARD
              FULL: FORWARD > ROOM, FULL
            """)
        .assertSame(PublishedReceiver.TABLE);
  }
}
