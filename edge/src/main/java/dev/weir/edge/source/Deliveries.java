package dev.weir.edge.source;

import dev.weir.message.Message;

/// Handing over, with the counting that goes with it.
public final class Deliveries {
  private Deliveries() {}

  /// Waits for room and counts what was put.
  ///
  /// @return false when the intake was closed
  public static boolean put(Intake intake, SourceMeter meter, Delivery delivery)
      throws InterruptedException {
    if (!intake.offer(delivery)) {
      meter.state(SourceState.BLOCKED);
      if (!intake.put(delivery)) {
        return false;
      }
      meter.state(SourceState.RUNNING);
    }
    count(meter, delivery);
    return true;
  }

  public static void count(SourceMeter meter, Delivery delivery) {
    long bodyBytes = 0;
    for (Message message : delivery.messages()) {
      bodyBytes += message.body().length();
    }
    meter.delivered(delivery.messages().size(), bodyBytes);
  }
}
