package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weir.flow.LaneDedup.Decision;
import org.junit.jupiter.api.Test;

final class LaneDedupTest {
  private final LaneDedup lane = new LaneDedup(4);

  @Test
  void takesOnlyTheNextSequence() {
    assertThat(LaneDedup.decide(4, 3)).isEqualTo(Decision.DUPLICATE);
    assertThat(LaneDedup.decide(4, 4)).isEqualTo(Decision.DUPLICATE);
    assertThat(LaneDedup.decide(4, 5)).isEqualTo(Decision.ACCEPT);
    assertThat(LaneDedup.decide(4, 6)).isEqualTo(Decision.GAP);
  }

  @Test
  void goesOnBehindWhatEarlierSessionsStored() {
    assertThat(lane.expected()).isEqualTo(5);
    assertThat(lane.decide(5)).isEqualTo(Decision.ACCEPT);
    assertThat(lane.accept()).isEqualTo(5);
    assertThat(lane.decide(5)).isEqualTo(Decision.DUPLICATE);
    assertThat(lane.isSettled()).isFalse();
  }

  @Test
  void nacksAGapOnceAndVoidsWhatFollows() {
    assertThat(lane.decide(7)).isEqualTo(Decision.GAP);
    lane.refuse();

    assertThat(lane.decide(8)).isEqualTo(Decision.VOID);
    assertThat(lane.decide(5)).isEqualTo(Decision.ACCEPT);
    lane.accept();
    assertThat(lane.decide(7)).isEqualTo(Decision.GAP);
  }

  @Test
  void advancesOnlyWithWhatIsCommitted() {
    lane.accept();
    lane.accept();

    assertThat(lane.onCommitted(5)).isTrue();
    assertThat(lane.onCommitted(5)).isFalse();
    assertThat(lane.durable()).isEqualTo(5);
    assertThat(lane.last()).isEqualTo(6);
    assertThatIllegalStateException().isThrownBy(() -> lane.onCommitted(7));
  }

  @Test
  void expectsWhatAFailedStoreDropped() {
    lane.accept();
    lane.accept();
    lane.onCommitted(5);

    assertThat(lane.dropQueued()).isTrue();

    assertThat(lane.expected()).isEqualTo(6);
    assertThat(lane.isSettled()).isTrue();
    assertThat(lane.decide(7)).isEqualTo(Decision.VOID);
    assertThat(lane.decide(6)).isEqualTo(Decision.ACCEPT);
  }

  @Test
  void asksForNothingAgainWhenAFailedStoreDroppedNothing() {
    assertThat(lane.dropQueued()).isFalse();
    assertThat(lane.decide(6)).isEqualTo(Decision.GAP);
  }
}
