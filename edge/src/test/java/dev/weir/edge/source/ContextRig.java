package dev.weir.edge.source;

import dev.weir.base.WeirException;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.ManualClock;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What an edge lends a source, in the hands of a test: intakes that the test empties, an admission
/// that it sets, a clock that it steps.
public final class ContextRig {
  public final ManualClock clock = new ManualClock();
  public final Intake pulled = new Intake(1 << 20);
  public final Intake waitedFor = new Intake(1 << 20);
  private volatile Optional<WeirException> refusal = Optional.empty();

  public SourceContext context() {
    return new SourceContext(
        pulled, waitedFor, () -> refusal, Map.of(), InputStream.nullInputStream(), clock);
  }

  /// From now on nothing is admitted.
  public void refuse(WeirException cause) {
    refusal = Optional.of(cause);
  }

  public void admit() {
    refusal = Optional.empty();
  }

  /// The next delivery whose sender waits.
  public Delivery takeWaited() {
    return take(waitedFor);
  }

  /// The next delivery that nobody waits for.
  public Delivery takePulled() {
    return take(pulled);
  }

  private static Delivery take(Intake intake) {
    var _ = Eventually.<Delivery>eventuallyPresent("a delivery", intake::peek);
    return Objects.requireNonNull(intake.poll());
  }
}
