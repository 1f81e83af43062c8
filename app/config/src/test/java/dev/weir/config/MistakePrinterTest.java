package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ErrorCode;
import dev.weir.config.mistake.Mistake;
import dev.weir.config.mistake.MistakePrinter;
import dev.weir.config.mistake.Severity;
import dev.weir.config.mistake.Source;
import dev.weir.config.mistake.Span;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MistakePrinterTest {
  private static final String FIVE =
      """
      version: 1
      server:
        listen: 0.0.0.0:4750
        data_dir: /var/lib/weir
        maxMessage: 20MiB
      flow:
        v1Overflow: dropOld
      edge:
        to: [weir://core]
        inputs:
          - type: file
            topic: logs
      """;

  @TempDir Path directory;

  @Test
  void printsFiveMistakesOfOneFileWithPlaceCaretAndHelp() {
    Loading loading = new Loading(directory);

    String printed = MistakePrinter.human(loading.named(loading.refused(FIVE)), false);

    assertThat(printed)
        .isEqualTo(
            """
            error[WEIR-1112]: server.listen is 0.0.0.0:4750, which lets in anyone who reaches it, expected a loopback address
              --> weir.yaml:3:11
               |
             3 |   listen: 0.0.0.0:4750
               |           ^^^^^^^^^^^^
               = help: listen on 127.0.0.1:4750, set auth.file (weir auth init), or set server.insecureBind: true

            error[WEIR-1105]: unknown key `data_dir` in server
              --> weir.yaml:4:3
               |
             4 |   data_dir: /var/lib/weir
               |   ^^^^^^^^
               = help: did you mean dataDir?

            error[WEIR-1109]: server.maxMessage is `20MiB`, expected 1KiB to 16MiB
              --> weir.yaml:5:15
               |
             5 |   maxMessage: 20MiB
               |               ^^^^^
               = help: the largest allowed is 16MiB

            error[WEIR-1108]: flow.v1Overflow is `dropOld`, expected credit or dropOldest
              --> weir.yaml:7:15
               |
             7 |   v1Overflow: dropOld
               |               ^^^^^^^
               = help: did you mean dropOldest?

            error[WEIR-1107]: edge.inputs[0].paths is missing, expected a list of at least 1
               --> weir.yaml:11:7
                |
             11 |     - type: file
                |       ^^^^
                = help: add `paths: [/var/log/app/*.log]`

            5 errors
            """);
  }

  @Test
  void printsFiveMistakesAsJson() {
    Loading loading = new Loading(directory);

    String printed = MistakePrinter.json(loading.named(loading.refused(FIVE)));

    assertThat(printed)
        .isEqualTo(
            """
            [
              {"code":"WEIR-1112","severity":"error","file":"weir.yaml","line":3,"column":11,"endColumn":23,"pointer":"/server/listen","message":"server.listen is 0.0.0.0:4750, which lets in anyone who reaches it, expected a loopback address","fix":"listen on 127.0.0.1:4750, set auth.file (weir auth init), or set server.insecureBind: true"},
              {"code":"WEIR-1105","severity":"error","file":"weir.yaml","line":4,"column":3,"endColumn":11,"pointer":"/server/data_dir","message":"unknown key `data_dir` in server","fix":"did you mean dataDir?"},
              {"code":"WEIR-1109","severity":"error","file":"weir.yaml","line":5,"column":15,"endColumn":20,"pointer":"/server/maxMessage","message":"server.maxMessage is `20MiB`, expected 1KiB to 16MiB","fix":"the largest allowed is 16MiB"},
              {"code":"WEIR-1108","severity":"error","file":"weir.yaml","line":7,"column":15,"endColumn":22,"pointer":"/flow/v1Overflow","message":"flow.v1Overflow is `dropOld`, expected credit or dropOldest","fix":"did you mean dropOldest?"},
              {"code":"WEIR-1107","severity":"error","file":"weir.yaml","line":11,"column":7,"endColumn":11,"pointer":"/edge/inputs/0/paths","message":"edge.inputs[0].paths is missing, expected a list of at least 1","fix":"add `paths: [/var/log/app/*.log]`"}
            ]
            """);
  }

  @Test
  void coloursTheErrorAndNothingElse() {
    Loading loading = new Loading(directory);
    List<Mistake> mistakes = loading.named(loading.refused(FIVE));

    String coloured = MistakePrinter.human(mistakes, true);

    assertThat(coloured)
        .contains("\u001b[1;31merror[WEIR-1105]\u001b[0m", "\u001b[1;31m^^^^^^^^\u001b[0m");
    assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", ""))
        .isEqualTo(MistakePrinter.human(mistakes, false));
  }

  @Test
  void putsTheCaretUnderTheColumnBehindTabsAndWideCharacters() {
    String printed = human("a:\t\"\uD83D\uDE80\": x", 8, 9);

    assertThat(printed)
        .contains(
            """
              |
            1 | a: "\uD83D\uDE80": x
              |        ^
            """
                .indent(1)
                .stripTrailing());
  }

  @Test
  void cutsALongLineAroundTheCaret() {
    String line = "x".repeat(500) + "HERE" + "y".repeat(500);

    String printed = human(line, 501, 505);

    List<String> lines = printed.lines().toList();
    assertThat(lines.get(3)).hasSizeLessThan(110).contains("HERE").contains("…x").endsWith("y…");
    assertThat(lines.get(4).indexOf('^')).isEqualTo(lines.get(3).indexOf("HERE"));
    assertThat(lines.get(4)).endsWith("^^^^").doesNotContain("^^^^^");
  }

  @Test
  void neverPrintsControlCharactersOfTheSource() {
    String printed = human("key: \u001b[31mred\u0007\u202e", 1, 4);

    assertThat(printed.chars().filter(c -> Character.isISOControl(c) && c != '\n')).isEmpty();
    assertThat(printed).doesNotContain("\u202e");
  }

  @Test
  void printsNoSnippetWithoutAText() {
    Mistake mistake =
        new Mistake(
            ErrorCode.CONFIG_MISSING_KEY,
            Severity.WARNING,
            Span.nowhere("(default)"),
            "/edge/to",
            "edge.to is empty",
            "add one");

    assertThat(MistakePrinter.human(List.of(mistake), false))
        .isEqualTo(
            """
            warning[WEIR-1107]: edge.to is empty
             --> (default)
              = help: add one

            0 errors, 1 warning
            """);
  }

  @Test
  void printsNothingForNoMistake() {
    assertThat(MistakePrinter.human(List.of(), true)).isEmpty();
    assertThat(MistakePrinter.json(List.of())).isEqualTo("[]\n");
  }

  private static String human(String line, int column, int endColumn) {
    Source source = Source.of(Source.Kind.FILE, "weir.yaml", line);
    Span span = new Span(source, 1, column, 1, endColumn);
    Mistake mistake =
        new Mistake(ErrorCode.CONFIG_TYPE, Severity.ERROR, span, "", "wrong", "do better");
    return MistakePrinter.human(List.of(mistake), false);
  }
}
