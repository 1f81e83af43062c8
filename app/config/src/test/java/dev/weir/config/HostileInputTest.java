package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import dev.weir.base.ErrorCode;
import dev.weir.config.mistake.Mistake;
import dev.weir.config.mistake.MistakePrinter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileInputTest {
  @TempDir Path directory;
  private Loading loading = new Loading(Path.of(""));

  @BeforeEach
  void setUp() {
    loading = new Loading(directory);
  }

  @Test
  void refusesAnchorsAndAliasesInsteadOfExpandingThem() {
    StringBuilder bomb = new StringBuilder("version: 1\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append("*a%d, ".formatted(i - 1).repeat(9)).append("]\n");
    }

    List<Mistake> mistakes = loading.refused(bomb.toString());

    assertThat(Loading.brief(mistakes))
        .contains(
            "WEIR-1103 2:5 anchors are not read in a configuration -> write the value itself here",
            "WEIR-1103 3:10 aliases are not read in a configuration -> write the value itself here");
    assertThat(mistakes).hasSizeLessThanOrEqualTo(101);
  }

  @Test
  void refusesAnAliasOfItself() {
    assertThat(Loading.brief(loading.refused("version: 1\nedge: &e\n  spool: *e\n")))
        .contains(
            "WEIR-1103 2:7 anchors are not read in a configuration -> write the value itself here",
            "WEIR-1103 3:10 aliases are not read in a configuration -> write the value itself here");
  }

  @Test
  void refusesTagsAndConstructsNothing() {
    String text = "version: 1\nserver: !!javax.script.ScriptEngineManager [x]\n";

    assertThat(Loading.brief(loading.refused(text)))
        .first()
        .asString()
        .startsWith("WEIR-1103 2:9 tags (`tag:yaml.org,2002:javax.script.ScriptEngineManager`)");
  }

  @Test
  void refusesDeepNestingWithoutUsingTheStack() {
    for (String text : List.of("[".repeat(100_000), "{a: ".repeat(50_000), "- ".repeat(50_000))) {
      assertThat(loading.refused("version: 1\nserver: " + text + "\n"))
          .extracting(Mistake::code)
          .containsAnyOf(ErrorCode.CONFIG_LIMIT, ErrorCode.CONFIG_SYNTAX);
    }
    assertThat(Loading.brief(loading.refused("version: 1\nserver: " + "[".repeat(100_000) + "\n")))
        .contains(
            "WEIR-1103 2:40 nested deeper than 32 levels -> check the brackets and the indentation");
  }

  @Test
  void namesTheByteThatIsNotUtf8() throws IOException {
    byte[] text =
        "version: 1\nserver:\n  dataDir: /d\u00e4ta\n".getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(directory.resolve("latin1.yaml"), text);

    assertThat(brief(file))
        .containsExactly(
            "WEIR-1101 3:14 byte 33 of the file is 0xE4, which is not UTF-8 -> save the file as UTF-8");
  }

  @Test
  void refusesAFileThatEndsInsideOfACharacter() throws IOException {
    Path file = Files.write(directory.resolve("cut.yaml"), new byte[] {'a', ':', ' ', (byte) 0xC3});

    assertThat(brief(file))
        .containsExactly(
            "WEIR-1101 1:4 byte 4 of the file is 0xC3, which is not UTF-8 -> save the file as UTF-8");
  }

  @Test
  void refusesUtf16() throws IOException {
    Path file =
        Files.write(directory.resolve("wide.yaml"), "version: 1".getBytes(StandardCharsets.UTF_16));

    assertThat(brief(file)).hasSize(1).first().asString().startsWith("WEIR-1101 1:1 byte 1");
  }

  @Test
  void readsAFileWithAByteOrderMarkAndDosLineEnds() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("dos.yaml"), "\uFEFFversion: 1\r\nserver:\r\n  dataDirr: x\r\n");

    assertThat(brief(file))
        .containsExactly("WEIR-1105 3:3 unknown key `dataDirr` in server -> did you mean dataDir?");
  }

  @Test
  void refusesAHugeFileBeforeReadingIt() throws IOException {
    Path file = Files.writeString(directory.resolve("huge.yaml"), "# padding\n".repeat(200_000));

    assertThat(brief(file))
        .containsExactly(
            "WEIR-1103 0:0 the file is larger than 1 MiB -> check that the path names a"
                + " configuration file");
  }

  @Test
  void boundsTheCountOfMistakes() {
    StringBuilder text = new StringBuilder("version: 1\n");
    for (int i = 0; i < 50_000; i++) {
      text.append("key").append(i).append(": 1\n");
    }

    List<Mistake> mistakes = loading.refused(text.toString());

    assertThat(mistakes).hasSize(101);
    assertThat(mistakes.getLast().message()).isEqualTo("49900 more mistakes are not shown");
  }

  @Test
  void refusesAValueThatIsTooLongWithoutPrintingIt() {
    List<Mistake> mistakes =
        loading.refused("version: 1\nserver:\n  listen: " + "9".repeat(500_000) + "\n");

    assertThat(Loading.brief(mistakes))
        .contains(
            "WEIR-1103 3:11 a value of 500000 characters, expected at most 4096 -> shorten the value");
    assertThat(MistakePrinter.human(mistakes, false)).hasSizeLessThan(2_000);
  }

  @Test
  void reportsEveryDuplicateKey() {
    String text =
        """
        version: 1
        server: {listen: 127.0.0.1:1, listen: 127.0.0.1:2}
        store:
          segmentBytes: 1MiB
        store:
          segmentBytes: 2MiB
        """;

    assertThat(Loading.brief(loading.refused(text)))
        .containsExactly(
            "WEIR-1106 2:31 `listen` is already set at line 2 -> keep one of the two",
            "WEIR-1106 5:1 `store` is already set at line 3 -> keep one of the two");
  }

  @Test
  void explainsATab() {
    assertThat(Loading.brief(loading.refused("version: 1\nserver:\n\tlisten: 127.0.0.1:1\n")))
        .containsExactly(
            "WEIR-1102 3:1 a tab where YAML allows only spaces -> indent with two spaces");
  }

  @Test
  void refusesControlCharacters() {
    assertThat(Loading.brief(loading.refused("version: 1\nserver: {dataDir: a\u0000b}\n")))
        .containsExactly(
            "WEIR-1102 2:20 the character U+0000 is not allowed -> remove it, or write it as an"
                + " escape between double quotes");
  }

  @Test
  void refusesASecondDocument() {
    assertThat(Loading.brief(loading.refused("version: 1\n---\nversion: 1\n")))
        .containsExactly(
            "WEIR-1103 2:1 a second document starts here, expected one document per file -> remove"
                + " the `---` line, or move what follows to a file of its own");
  }

  @Test
  void refusesKeysThatAreNoNames() {
    assertThat(Loading.brief(loading.refused("version: 1\n? [a, b]\n: 1\n")))
        .containsExactly("WEIR-1102 2:3 a key is a list, expected a name -> write `name: value`");
  }

  @Test
  void tellsTheMistakesBeforeASyntaxErrorToo() {
    String text =
        """
        version: 1
        server:
          listen: 4750
          dataDir: "/var/lib/weir
          maxMesage: 1MiB
        """;

    assertThat(Loading.brief(loading.refused(text)))
        .containsExactly(
            "WEIR-1108 3:11 server.listen is `4750`, expected HOST:PORT -> add the host:"
                + " 127.0.0.1:4750",
            "WEIR-1102 4:12 the quote that opens here is never closed -> close the quote");
  }

  @Test
  void explainsTheUsualSyntaxErrors() {
    assertSyntax("version: 1\nedge: {to: [weir://a, weir://b}\n", "2:12 the list that opens here");
    assertSyntax("version: 1\nserver: listen: x\n", "2:15 a second `: ` in one value");
    assertSyntax("version: 1\nserver:\n    listen: x\n  dataDir: y\n", "4:3 the indentation");
    assertSyntax("version: 1\nserver:\n  listen\n  dataDir: x\n", "4:10 a second `: `");
    assertSyntax("version: 1\nserver:\n  listen: @x\n", "3:11 a value cannot start with this");
    assertSyntax("version: 1\nserver: {listen: \"\\q\"}\n", "2:20 an unknown escape");
    assertSyntax("version: 1\nserver:\n  dataDir: x\nstore\n", "4:1 expected `key: value`");
  }

  @Test
  void neverFailsOnRandomBytesAndDamagedTexts() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] template = ConfigTemplate.text().getBytes(StandardCharsets.UTF_8);
    Assertions.assertTimeoutPreemptively(
        Duration.ofMinutes(5),
        () -> {
          for (int round = 0; round < Integer.getInteger("weir.fuzz.rounds", 300); round++) {
            byte[] bytes = round % 3 == 0 ? randomBytes(random) : damaged(template, random);
            Path file = Files.write(directory.resolve("random.yaml"), bytes);
            LoadResult result = assertDoesNotThrow(() -> load(file), () -> "seed " + seed);
            if (result instanceof LoadResult.Refused(List<Mistake> mistakes)) {
              assertThat(mistakes).isNotEmpty();
              assertThat(MistakePrinter.human(mistakes, false)).endsWith("\n");
              assertThat(MistakePrinter.json(mistakes)).startsWith("[").endsWith("]\n");
            }
          }
        },
        () -> "seed " + seed);
  }

  @Test
  void refusesWhatTheParserItselfStumblesOver() {
    for (String value :
        List.of(
            "\"\\UFFFFFFFF\"",
            "\"\\uD800\"",
            "!<%FF> x",
            "!%zz x",
            "!a!b x",
            "\"\\x\"",
            "*",
            "&")) {
      assertThat(loading.refused("version: 1\nserver: {dataDir: " + value + "}\n")).isNotEmpty();
    }
    for (String directive :
        List.of("%YAML 2.0", "%YAML x", "%YAML 1.99999999999", "%TAG ! x", "%TAG")) {
      assertThat(load(loading.write("directive.yaml", directive + "\n---\nversion: 1\n")))
          .isNotNull();
    }
  }

  private void assertSyntax(String text, String start) {
    assertThat(Loading.brief(loading.refused(text)))
        .filteredOn(line -> line.startsWith("WEIR-1102"))
        .singleElement()
        .asString()
        .startsWith("WEIR-1102 " + start);
  }

  private static byte[] randomBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(2_000)];
    String alphabet = "{}[]:,-\n \t'\"#&*!|>%@`ab1~$\\?";
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] =
          random.nextInt(20) == 0
              ? (byte) random.nextInt(256)
              : (byte) alphabet.charAt(random.nextInt(alphabet.length()));
    }
    return bytes;
  }

  private static byte[] damaged(byte[] template, Random random) {
    byte[] bytes = template.clone();
    for (int i = 0; i <= random.nextInt(5); i++) {
      bytes[random.nextInt(bytes.length)] = (byte) (32 + random.nextInt(95));
    }
    return java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }

  private List<String> brief(Path file) {
    return Loading.brief(Loading.mistakes(load(file)));
  }

  private static LoadResult load(Path file) {
    return ConfigLoader.load(List.of(file), Map.of(), Map.of());
  }
}
