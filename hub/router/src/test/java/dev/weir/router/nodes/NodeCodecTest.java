package dev.weir.router.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.router.SlotMap;
import dev.weir.router.SlotSet;
import dev.weir.router.StorageNode;
import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The bytes of both messages, whole and damaged. `-Dweir.nodes.fuzz.runs=N` makes it longer.
final class NodeCodecTest {
  private static final int RUNS = Integer.getInteger("weir.nodes.fuzz.runs", 20_000);

  private static final Announcement SAID = said("r1", "a", SlotSet.NONE);
  private static final NodeReport REPORT =
      new NodeReport(
          "host:4801", true, new NodeReport.Figures("full", 3, 4, 5, 6), 7, 8, "r1", "a");

  private static Announcement said(String router, String node, SlotSet slots) {
    return new Announcement(router, 0x0102030405060708L, 9, 10, node, slots, 2_000);
  }

  private static SlotSet half() {
    StorageNode a = new StorageNode("a", InetSocketAddress.createUnresolved("a", 1));
    StorageNode b = new StorageNode("b", InetSocketAddress.createUnresolved("b", 1));
    return SlotMap.even(List.of(a, b)).slotsOf(a);
  }

  @Test
  void writesAnAnnouncementAsPictured() {
    byte[] bytes = NodeCodec.encode(SAID).toArray();

    assertThat(HexFormat.of().formatHex(bytes, 0, 34))
        .isEqualTo(
            "01" // version
                + "000007d0" // 2,000 ms
                + "0102030405060708" // start
                + "0000000000000009" // map version
                + "000000000000000a" // map hash
                + "027231" // router
                + "0161"); // node
    assertThat(bytes).hasSize(34 + SlotSet.BYTES);
  }

  @Test
  void writesAReportAsPictured() {
    assertThat(HexFormat.of().formatHex(NodeCodec.encode(REPORT).toArray()))
        .isEqualTo(
            "01" // version
                + "01" // draining
                + "0000000000000007" // map version
                + "0000000000000008" // map hash
                + "0000000000000003" // revisions
                + "0000000000000004" // bytes
                + "0000000000000005" // queue bytes
                + "0000000000000006" // commit
                + "09686f73743a34383031" // node
                + "027231" // router
                + "0161" // node in the map
                + "0466756c6c"); // fault
  }

  @Test
  void readsWhatItWrote() {
    for (Announcement each : List.of(SAID, said("ä".repeat(127), "x".repeat(255), half()))) {
      assertThat(NodeCodec.announcement(NodeCodec.encode(each))).isEqualTo(each);
    }
    assertThat(NodeCodec.report(NodeCodec.encode(REPORT))).isEqualTo(REPORT);
  }

  @Test
  void skipsWhatALaterVersionAdds() {
    assertThat(NodeCodec.announcement(longer(NodeCodec.encode(SAID), 100))).isEqualTo(SAID);
    assertThat(NodeCodec.report(longer(NodeCodec.encode(REPORT), 100))).isEqualTo(REPORT);
  }

  @Test
  void refusesWhatIsTooLong() {
    assertThatThrownBy(() -> NodeCodec.report(longer(NodeCodec.encode(REPORT), 9_000)))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
  }

  private static Bytes longer(Bytes bytes, int more) {
    byte[] copy = new byte[bytes.length() + more];
    bytes.copyTo(copy, 0);
    return Bytes.wrap(copy);
  }

  @Test
  void refusesWhatEndsTooEarly() {
    refusesEveryCut(NodeCodec.encode(SAID), NodeCodec::announcement);
    refusesEveryCut(NodeCodec.encode(REPORT), NodeCodec::report);
  }

  private static void refusesEveryCut(Bytes whole, Function<Bytes, Object> decoder) {
    for (int length = 0; length < whole.length(); length++) {
      Bytes cut = whole.slice(0, length);
      assertThatThrownBy(() -> decoder.apply(cut))
          .as("%d bytes", length)
          .isInstanceOfSatisfying(
              WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED));
    }
  }

  @Test
  void outlivesDamagedMessages() {
    List<byte[]> announcements =
        List.of(
            NodeCodec.encode(SAID).toArray(), NodeCodec.encode(said("r2", "b", half())).toArray());
    List<byte[]> reports =
        List.of(
            NodeCodec.encode(REPORT).toArray(),
            NodeCodec.encode(
                    new NodeReport(
                        "n", false, new NodeReport.Figures("", 0, 0, 0, 0), 1, 0, "r", "n"))
                .toArray());

    assertThat(refusals("NodeCodecTest.announcements", announcements, NodeCodec::announcement))
        .contains(ErrorCode.UNSUPPORTED_VERSION, ErrorCode.MALFORMED);
    assertThat(refusals("NodeCodecTest.reports", reports, NodeCodec::report))
        .contains(ErrorCode.UNSUPPORTED_VERSION, ErrorCode.MALFORMED);
  }

  private static EnumSet<ErrorCode> refusals(
      String name, List<byte[]> corpus, Function<Bytes, Object> decoder) {
    ByteMutator mutator = new ByteMutator(Seeds.random(name), corpus);
    EnumSet<ErrorCode> refusals = EnumSet.noneOf(ErrorCode.class);
    for (int run = 0; run < RUNS; run++) {
      try {
        assertThat(decoder.apply(Bytes.wrap(mutator.next()))).isNotNull();
      } catch (WeirException e) {
        refusals.add(e.code());
      }
    }
    return refusals;
  }
}
