package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.LoadScope.Role;
import dev.weir.config.mistake.Severity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SemanticsTest {
  @TempDir Path directory;
  private Loading loading = new Loading(Path.of(""));

  @BeforeEach
  void setUp() {
    loading = new Loading(directory);
  }

  @Test
  void refusesAddressesBeyondLoopbackUnlessTheyAreMeant() {
    String server = "version: 1\nserver: {listen: \"%s\", insecureBind: %s}\n";

    for (String open :
        List.of("0.0.0.0:1", "[::]:1", "10.0.0.1:1", "host.example:1", "1270.0.0.1:1")) {
      assertThat(Loading.brief(loading.refused(server.formatted(open, false))))
          .singleElement()
          .asString()
          .startsWith("WEIR-1112 2:18 server.listen is " + open);
      loading.accepted(server.formatted(open, true));
    }
    for (String closed :
        List.of("127.0.0.1:1", "127.8.9.1:1", "[::1]:1", "localhost:1", "[0:0:0:0:0:0:0:1]:1")) {
      loading.accepted(server.formatted(closed, false));
    }
  }

  @Test
  void refusesPortsThatClash() {
    String text =
        """
        version: 1
        server: {listen: localhost:5000, insecureBind: true}
        edge:
          to: [weir://core]
          ops: 0.0.0.0:5000
          inputs:
            - {type: http, listen: 127.0.0.1:0}
            - {type: http, listen: 127.0.0.1:0}
            - {type: http, listen: 127.0.0.2:5001}
            - {type: http, listen: 127.0.0.1:5001}
            - {type: http, listen: 127.0.0.1:5001}
        """;

    assertThat(Loading.brief(loading.refused(text)))
        .containsExactly(
            "WEIR-1111 5:8 edge.ops is 0.0.0.0:5000, which clashes with server.listen"
                + " localhost:5000 -> choose another port for one of them",
            "WEIR-1111 11:28 edge.inputs[4].listen is 127.0.0.1:5001, which clashes with"
                + " edge.inputs[3].listen 127.0.0.1:5001 -> choose another port for one of them");
  }

  @Test
  void refusesInputsThatReadTheSame() {
    String text =
        """
        version: 1
        edge:
          to: [weir://a, weir://b, "weir://a:4750"]
          inputs:
            - {type: file, paths: [/a, /b]}
            - {type: stdin}
            - {type: file, paths: [/c, /a]}
            - {type: stdin, topic: x}
        """;

    assertThat(Loading.brief(loading.refused(text)))
        .containsExactly(
            "WEIR-1111 3:28 edge.to[2] is the same address as edge.to[0] -> remove one of the two",
            "WEIR-1111 7:32 edge.inputs[2].paths[1] reads the same files as"
                + " edge.inputs[0].paths[0]; every message would be sent twice -> remove one of the"
                + " two",
            "WEIR-1111 8:7 edge.inputs[3] reads standard input like edge.inputs[1]; every message"
                + " would be sent twice -> remove one of the two");
  }

  @Test
  void refusesAnEdgeThatSendsNowhere() {
    assertThat(
            Loading.brief(loading.refused("version: 1\nedge: {to: [], inputs: [{type: stdin}]}\n")))
        .containsExactly(
            "WEIR-1107 2:12 edge.to is empty, expected the address of at least one core -> write"
                + " `to: [weir://HOST:4750]` below edge, or give --to");
  }

  @Test
  void anEdgeNeedsACoreAndAnInputEvenWithoutAFile() {
    LoadResult result =
        ConfigLoader.load(List.of(), Map.of(), Map.of(), new LoadScope(Role.EDGE, false));

    assertThat(Loading.mistakes(result))
        .extracting(mistake -> mistake.pointer() + " " + mistake.code())
        .containsExactly("/edge/to CONFIG_MISSING_KEY", "/edge/inputs CONFIG_MISSING_KEY");
  }

  @Test
  void aRoleIsNotHeldUpByTheSectionsOfAnother() {
    String text =
        """
        version: 1
        server: {listen: 127.0.0.1:4760}
        edge: {inputs: [{type: stdin}]}
        """;

    assertThat(loading.load(text, Map.of(), Map.of(), new LoadScope(Role.CORE, false)))
        .isInstanceOf(LoadResult.Loaded.class);
    assertThat(loading.refused(text)).hasSize(2);
  }

  @Test
  void refusesASpoolInTheDataDirectory() {
    String text = "version: 1\nserver: {dataDir: /d/weir}\nedge: {spool: {dir: /d/./%s}}\n";

    assertThat(Loading.brief(loading.refused(text.formatted("weir"))))
        .containsExactly(
            "WEIR-1111 3:21 edge.spool.dir /d/./weir is also server.dataDir -> give the spool and"
                + " the core a directory each");
    assertThat(Loading.brief(loading.refused(text.formatted("weir/spool"))))
        .containsExactly(
            "WEIR-1111 3:21 edge.spool.dir /d/./weir/spool overlaps with server.dataDir -> give the"
                + " spool and the core a directory each");
    loading.accepted(text.formatted("weir2"));
  }

  @Test
  void refusesSizesThatCannotHoldWhatTheyMust() {
    String text =
        """
        version: 1
        server: {maxMessage: 2MiB}
        store: {retention: {bytes: 32MiB}}
        flow: {creditBytes: 1MiB}
        edge:
          batch: {bytes: 8MiB}
          window: {bytes: 1MiB}
          spool: {maxBytes: 4MiB}
        """;

    assertThat(Loading.brief(loading.refused(text)))
        .containsExactly(
            "WEIR-1111 3:28 store.retention.bytes is 32 MiB, less than store.segmentBytes (64 MiB):"
                + " whole segments go -> raise store.retention.bytes to at least 64 MiB, or lower"
                + " store.segmentBytes",
            "WEIR-1111 4:21 flow.creditBytes is 1 MiB, less than server.maxMessage (2 MiB): the"
                + " largest message would never be allowed -> raise flow.creditBytes to at least 2"
                + " MiB, or lower server.maxMessage",
            "WEIR-1111 7:19 edge.window.bytes is 1 MiB, less than edge.batch.bytes (8 MiB): a full"
                + " batch would never be sent -> raise edge.window.bytes to at least 8 MiB, or"
                + " lower edge.batch.bytes",
            "WEIR-1111 8:21 edge.spool.maxBytes is 4 MiB, less than edge.batch.bytes (8 MiB): a"
                + " full batch would never be stored -> raise edge.spool.maxBytes to at least 8"
                + " MiB, or lower edge.batch.bytes");
  }

  @Test
  void warnsOfALevelWithoutACompression() {
    LoadResult.Loaded loaded =
        Loading.loaded(loading.load("version: 1\nedge: {compression: {codec: none, level: 9}}\n"));

    assertThat(loaded.warnings())
        .singleElement()
        .satisfies(warning -> {
          assertThat(warning.severity()).isEqualTo(Severity.WARNING);
          assertThat(warning.pointer()).isEqualTo("/edge/compression/level");
        });
  }

  @Test
  void isSilentAboutWhatAnEarlierTierRefused() {
    String text =
        """
        version: 1
        server: {listen: nowhere}
        edge:
          ops: 127.0.0.1:4750
          to: [core]
          inputs:
            - {type: file}
            - {type: stdin}
            - {type: stdin}
        """;

    assertThat(loading.refused(text))
        .extracting(mistake -> mistake.pointer())
        .containsExactly("/server/listen", "/edge/to/0", "/edge/inputs/0/paths");
  }
}
