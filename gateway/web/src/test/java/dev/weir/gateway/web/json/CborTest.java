package dev.weir.gateway.web.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class CborTest {
  private static final HexFormat HEX = HexFormat.of();

  private static JsonText document(JsonText out) {
    return out.beginObject()
        .op("publish")
        .put("id", "x")
        .put("credit", 1_000_000_007L)
        .put("max", -5)
        .put("duplicate", true)
        .beginArray("leases")
        .add("a")
        .endArray()
        .beginObject("message")
        .put("topic", "a/\u00e4")
        .endObject()
        .endObject();
  }

  private static JsonValue read(String hex) {
    return CborReader.read(Bytes.wrap(HEX.parseHex(hex.replace(" ", ""))));
  }

  private static void refused(ErrorCode code, String hex) {
    assertThatThrownBy(() -> read(hex))
        .as(hex)
        .isInstanceOfSatisfying(WeirException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void writesNumbersForNamesAndBytesAsTheyAre() {
    Bytes ping =
        JsonText.cbor()
            .beginObject()
            .op("ping")
            .put("ref", "1")
            .put("body", "encoding", Bytes.utf8("hi"))
            .put("colour", 7)
            .endObject()
            .bytes();

    assertThat(HEX.formatHex(ping.toArray()))
        .isEqualTo(
            "bf" // an object
                + "00"
                + "1835" // op: ping, 53
                + "02"
                + "6131" // ref: "1"
                + "06"
                + "426869" // body: two bytes
                + "66636f6c6f7572"
                + "07" // "colour", which has no number: 7
                + "ff");
  }

  @Test
  void saysTheSameAsJson() {
    JsonValue cbor = CborReader.read(document(JsonText.cbor()).bytes());
    JsonValue json = JsonReader.read(document(new JsonText()).bytes());

    assertThat(cbor).isEqualTo(json);
    assertThat(document(JsonText.cbor()).bytes().length())
        .isLessThan(document(new JsonText()).bytes().length() * 6 / 10);
  }

  @Test
  void readsWhatOtherEncodersWrite() {
    // A map and an array of known length, names as text, numbers of every width.
    assertThat(read("a2 626f70 6470696e67 636e756d 84 17 18ff 19ffff 1a00010000"))
        .isEqualTo(JsonReader.read(Bytes.utf8("{\"op\":\"ping\",\"num\":[23,255,65535,65536]}")));
    assertThat(read("a1 6161 f6")).isEqualTo(JsonReader.read(Bytes.utf8("{\"a\":null}")));
  }

  @Test
  void refusesWhatIsNotTaken() {
    for (String hex :
        List.of(
            "", // nothing
            "a1", // a member is missing
            "a1 00", // its value is missing
            "bf 00 f5", // the end is missing
            "a0 00", // something follows
            "a1 6161 fb0000000000000000", // floating point
            "a1 6161 c000", // a tag
            "a1 6161 7f6161ff", // a text in pieces
            "a1 6161 62c328", // no UTF-8
            "a1 f500", // a name that is true
            "a1 190400 00", // a number for no name
            "a1 6161 1bffffffffffffffff", // beyond 2^63
            "a1 6161 5affffffff", // longer than the frame
            "a1 6161 1c", // a length of no kind
            "a2 00 00 00 00")) { // a member twice
      refused(ErrorCode.MALFORMED, hex);
    }
    refused(ErrorCode.TOO_LARGE, "81".repeat(70) + "00");
    refused(ErrorCode.TOO_LARGE, "9f" + "00".repeat(200_001) + "ff");
    refused(ErrorCode.MALFORMED, "9a7fffffff");
  }

  @Test
  void everyTruncationAndEveryMutationIsReadOrRefused() {
    byte[] whole = document(JsonText.cbor()).bytes().toArray();
    for (int i = 0; i < whole.length; i++) {
      Bytes part = Bytes.wrap(whole, 0, i);
      assertThatThrownBy(() -> CborReader.read(part)).isInstanceOf(WeirException.class);
    }
    ByteMutator mutator = new ByteMutator(Seeds.random("CborTest"), List.of(whole));
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      try {
        var _ = CborReader.read(Bytes.wrap(mutator.next()));
      } catch (WeirException _) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1, 19_999);
  }

  /// A name's number is for ever.
  @Test
  void namesKeepTheirNumbers() {
    assertThat(CborNames.ALL).doesNotHaveDuplicates();
    assertThat(CborNames.ALL.indexOf("op")).isZero();
    assertThat(CborNames.ALL.indexOf("priority")).isEqualTo(27);
    assertThat(CborNames.ALL.indexOf("ping")).isEqualTo(53);
    assertThat(CborNames.ALL.indexOf("token")).isEqualTo(90);
  }

  @Test
  void theReadmeHasEveryNumber() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    List<String> shown =
        readme
            .lines()
            .filter(line -> line.matches("\\| \\d+ \\| (`[a-zA-Z]+` ?)+\\|"))
            .flatMap(line -> Pattern.compile("`([a-zA-Z]+)`").matcher(line).results())
            .map(found -> found.group(1))
            .toList();

    assertThat(shown).isEqualTo(CborNames.ALL);
  }
}
