package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.config.EdgeConfig.WhenFull;
import dev.weir.config.InputConfig.FileInput;
import dev.weir.config.InputConfig.From;
import dev.weir.config.InputConfig.HttpInput;
import dev.weir.config.InputConfig.StdinInput;
import dev.weir.config.LoadScope.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  private static final String EDGE =
      """
      version: 1
      edge:
        to: [weir://core.example, "weirs://[::1]:4751"]
        topic: site1
        spool: {dir: /var/spool/weir, maxBytes: 20GiB, maxAge: 7d, full: dropOldest}
        batch: {bytes: 64KiB, linger: 500ms}
        inputs:
          - type: file
            paths: [/var/log/a.log, /var/log/b/*.log]
            topic: site1/files
            multiline: {startPattern: '^\\d{4}-'}
            from: end
          - type: stdin
          - type: http
            listen: 127.0.0.1:8080
            maxBody: 2MiB
      """;

  @TempDir Path directory;
  private Loading loading = new Loading(Path.of(""));

  @BeforeEach
  void setUp() {
    loading = new Loading(directory);
  }

  @Test
  void worksWithoutAFile() {
    WeirConfig config = Loading.defaults();

    assertThat(config.server().listen()).isEqualTo(new HostPort("127.0.0.1", 4750));
    assertThat(config.server().dataDir()).isEqualTo(Path.of("/home/weir/.local/state/weir/data"));
    assertThat(config.store().retention().age()).isEmpty();
  }

  @Test
  void readsEveryKindOfValue() {
    EdgeConfig edge = loading.accepted(EDGE).edge();

    assertThat(edge.to())
        .containsExactly(
            new CoreAddress(CoreAddress.Scheme.WEIR, new HostPort("core.example", 4750)),
            new CoreAddress(CoreAddress.Scheme.WEIRS, new HostPort("::1", 4751)));
    assertThat(edge.spool())
        .isEqualTo(
            new EdgeConfig.Spool(
                Path.of("/var/spool/weir"),
                ByteSize.parse("20GiB"),
                Optional.of(Duration.ofDays(7)),
                ByteSize.parse("1GiB"),
                WhenFull.DROP_OLDEST,
                EdgeConfig.Backfill.NEWEST_FIRST,
                20));
    assertThat(edge.batch())
        .isEqualTo(new EdgeConfig.Batch(ByteSize.ofKibibytes(64), Duration.ofMillis(500)));
    assertThat(edge.inputs())
        .containsExactly(
            new FileInput(
                List.of("/var/log/a.log", "/var/log/b/*.log"),
                Optional.of("site1/files"),
                Optional.of("^\\d{4}-"),
                From.END),
            new StdinInput(Optional.empty()),
            new HttpInput(
                new HostPort("127.0.0.1", 8080), Optional.empty(), ByteSize.ofMebibytes(2)));
    assertThat(edge.topicOf(edge.inputs().get(0))).isEqualTo("site1/files");
    assertThat(edge.topicOf(edge.inputs().get(1))).isEqualTo("site1");
  }

  @Test
  void readsJson() {
    WeirConfig config =
        loading.accepted(
            """
            {"version": 1, "server": {"listen": "127.0.0.1:0", "insecureBind": true},
             "store": {"retention": {"age": "30d"}, "duplicateIds": 10}}
            """);

    assertThat(config.server().insecureBind()).isTrue();
    assertThat(config.store().retention().age()).contains(Duration.ofDays(30));
    assertThat(config.store().duplicateIds()).isEqualTo(10);
  }

  @Test
  void aFlagWinsOverTheEnvironmentOverTheFileOverTheDefault() {
    LoadResult.Loaded loaded =
        Loading.loaded(
            loading.load(
                "version: 1\nserver: {dataDir: /file, maxMessage: 2MiB, listen: 127.0.0.1:1}\n",
                Map.of("WEIR__SERVER__DATA_DIR", "/env", "WEIR__SERVER__MAXMESSAGE", "3MiB"),
                Map.of("server.dataDir", "/flag"),
                LoadScope.ANY));

    assertThat(ConfigShow.human(loaded.settings(), true).replace(directory + "/", ""))
        .startsWith(
            """
            version = 1                                          # weir.yaml:1:10
            server.listen = 127.0.0.1:1                          # weir.yaml:2:52
            server.dataDir = /flag                               # flag server.dataDir
            server.maxMessage = 3MiB                             # env WEIR__SERVER__MAXMESSAGE
            server.insecureBind = false                          # default
            """);
    assertThat(loaded.isSet("server.dataDir")).isTrue();
    assertThat(loaded.isSet("server.insecureBind")).isFalse();
    assertThat(ConfigShow.json(loaded.settings()))
        .contains(
            "{\"path\":\"server.dataDir\",\"value\":\"/flag\",\"origin\":\"flag\",\"source\":\"flag"
                + " server.dataDir\",\"line\":1,\"column\":1,\"change\":\"restart\"}");
  }

  @Test
  void aLaterFileWinsKeyByKeyAndItsListsReplace() {
    Path first = loading.write("first.yaml", EDGE);
    Path second =
        loading.write("second.yaml", "version: 1\nedge: {to: [weir://b], batch: {linger: 1s}}\n");

    WeirConfig config =
        Loading.loaded(ConfigLoader.load(List.of(first, second), Map.of(), Map.of())).config();

    assertThat(config.edge().to()).hasToString("[weir://b:4750]");
    assertThat(config.edge().batch().linger()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.edge().batch().bytes()).isEqualTo(ByteSize.ofKibibytes(64));
  }

  @Test
  void readsForHowLongLoopsSpin() {
    WireSettings wire = loading.accepted("version: 1\nwire: {spinMicros: 200}\n").wire();

    assertThat(wire.spin()).isEqualTo(Duration.ofNanos(200_000));
    assertThat(loading.refused("version: 1\nwire: {spinMicros: 100001}\n")).hasSize(1);
  }

  @Test
  void flagsBuildListsByIndexAndCommas() {
    WeirConfig config =
        Loading.loaded(
                loading.load(
                    EDGE,
                    Map.of("WEIR__EDGE__INPUTS__1__TOPIC", "env"),
                    Map.of(
                        "edge.to", "weir://a, weir://b:1",
                        "edge.inputs", "",
                        "edge.inputs.0.type", "file",
                        "edge.inputs.0.paths.0", "a,b.log",
                        "edge.inputs.1", "{type: stdin, topic: x/y}"),
                    LoadScope.ANY))
            .config();

    assertThat(config.edge().to()).hasToString("[weir://a:4750, weir://b:1]");
    assertThat(config.edge().inputs())
        .containsExactly(
            new FileInput(List.of("a,b.log"), Optional.empty(), Optional.empty(), From.START),
            new StdinInput(Optional.of("x/y")));
  }

  @Test
  void refusesUnknownVariablesAndFlagsWithASuggestion() {
    LoadResult result =
        loading.load(
            "version: 1\n",
            Map.of("WEIR__SERVER__LISTN", "x", "WEIR__EDGE__INPUTS__3__TYPE", "stdin"),
            Map.of("server.listen.port", "1", "stor.segmentBytes", "1MiB", "server", "x"),
            LoadScope.ANY);

    assertThat(Loading.brief(Loading.mistakes(result)))
        .containsExactlyInAnyOrder(
            "WEIR-1105 1:1 env WEIR__EDGE__INPUTS__3__TYPE names element `3` of edge.inputs,"
                + " expected 0 to 0 -> count from 0 without gaps",
            "WEIR-1105 1:1 env WEIR__SERVER__LISTN names the unknown key `LISTN` in server -> did"
                + " you mean listen?",
            "WEIR-1108 1:1 flag server sets a whole section -> name one key of it, or give YAML in"
                + " brackets or braces",
            "WEIR-1105 1:1 flag server.listen.port names a part of server.listen, which is a value"
                + " -> name server.listen itself",
            "WEIR-1105 1:1 flag stor.segmentBytes names the unknown key `stor` at the top -> did"
                + " you mean store?");
  }

  @Test
  void replacesVariablesAndFilesInValues() throws IOException {
    Path secret = Files.writeString(directory.resolve("dir"), "/from/file\n");
    LoadResult.Loaded loaded =
        Loading.loaded(
            loading.load(
                "version: 1\nserver: {dataDir: \"${file:"
                    + secret
                    + "}\", listen: \"${env:H}:${env:P:-7}\"}\n"
                    + "edge: {topic: \"$${env:H}\", spool: {dir: \"${env:D:-}/x\"}}\n",
                Map.of("H", "localhost"),
                Map.of(),
                LoadScope.ANY));

    assertThat(loaded.config().server().dataDir()).isEqualTo(Path.of("/from/file"));
    assertThat(loaded.config().server().listen()).isEqualTo(new HostPort("localhost", 7));
    assertThat(loaded.config().edge().topic()).isEqualTo("${env:H}");
    assertThat(loaded.config().edge().spool().dir()).isEqualTo(Path.of("/x"));
    assertThat(ConfigShow.human(loaded.settings(), false))
        .contains("server.dataDir = ${file:" + secret + "}")
        .doesNotContain("/from/file");
  }

  @Test
  void replacedTextIsNeverReadAsStructureOrReplacedAgain() {
    WeirConfig config =
        Loading.loaded(
                loading.load(
                    "version: 1\nserver:\n  dataDir: ${env:X}\n",
                    Map.of("X", "a\nmaxMessage: 2MiB # ${env:HOME}"),
                    Map.of(),
                    LoadScope.ANY))
            .config();

    assertThat(config.server().dataDir()).isEqualTo(Path.of("a\nmaxMessage: 2MiB # ${env:HOME}"));
    assertThat(config.server().maxMessage()).isEqualTo(ByteSize.ofMebibytes(1));
  }

  @Test
  void refusesReferencesThatCannotBeReplacedAndNeverPrintsTheirContent() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "hunter2");
    String text =
        """
        version: 1
        server: {listen: "${env:NOT_SET}", dataDir: "${env:", maxMessage: "${file:%s}"}
        store: {segmentBytes: "${file:relative}", queueBytes: "${sh:x}"}
        """
            .formatted(secret);

    List<String> brief = Loading.brief(loading.refused(text));

    assertThat(brief)
        .containsExactly(
            "WEIR-1110 2:18 server.listen is `${env:NOT_SET}`, expected the environment variable"
                + " NOT_SET to be set -> set NOT_SET, or give a default: ${env:NOT_SET:-default}",
            "WEIR-1110 2:45 server.dataDir is `${env:`, expected a closing `}` after `${` -> close"
                + " it with `}`, or write $${ for a plain ${",
            brief.get(2),
            "WEIR-1110 3:23 store.segmentBytes is `${file:relative}`, expected an absolute path"
                + " after `file:` -> name a readable text file of at most 64 KiB by its absolute"
                + " path",
            "WEIR-1110 3:55 store.queueBytes is `${sh:x}`, expected a reference with a known prefix"
                + " -> use ${env:NAME}, ${env:NAME:-default} or ${file:/path}");
    assertThat(brief.get(2)).startsWith("WEIR-1108 2:67 server.maxMessage is `${file:");
    assertThat(brief.toString()).doesNotContain("hunter2");
  }

  @Test
  void demandsTheVersionInEveryFile() {
    assertThat(Loading.brief(loading.refused("")))
        .containsExactly(
            "WEIR-1104 1:1 the file does not state its version -> write `version: 1` on the first"
                + " line");
    assertThat(Loading.brief(loading.refused("version: 2\n")))
        .containsExactly("WEIR-1104 1:10 version is `2`, expected 1 -> write `version: 1`");
  }

  @Test
  void saysWhereAKeyBelongs() {
    String text =
        """
        version: 1
        segmentBytes: 1MiB
        server: {heartbeat: 1s, maxBody: 1MiB}
        edge: {inputs: [{type: stdin, paths: [x]}], to: [weir://a]}
        """;

    assertThat(Loading.brief(loading.refused(text)))
        .containsExactly(
            "WEIR-1105 2:1 unknown key `segmentBytes` at the top -> segmentBytes belongs in store",
            "WEIR-1105 3:10 unknown key `heartbeat` in server -> heartbeat belongs in flow",
            "WEIR-1105 3:25 unknown key `maxBody` in server -> maxBody belongs in edge.inputs with"
                + " type: http",
            "WEIR-1105 4:31 unknown key `paths` in edge.inputs[0] -> paths belongs in edge.inputs"
                + " with type: file");
  }

  @Test
  void explainsWrongTypesAndRanges() {
    String text =
        """
        version: one
        server: [x]
        store:
          segmentBytes: 64 megs
          retention: 7d
          duplicateWindow: 10
          duplicateIds: 1e6
        flow:
          heartbeat:
          v1Queue: 0
          v1Overflow: DropOldest
        edge:
          to: weir://core
          topic: a/#
          inputs: [file, {paths: [x]}, {type: stdn}, {type: file, paths: []}]
        telemetry:
          logs: {level: [info]}
        """;

    assertThat(Loading.brief(loading.refused(text)))
        .containsExactly(
            "WEIR-1104 1:10 version is `one`, expected 1 -> write `version: 1`",
            "WEIR-1108 2:9 server is a list, expected a section with keys -> write its keys"
                + " below it, indented by two spaces",
            "WEIR-1108 4:17 store.segmentBytes is `64 megs`, expected a size from 1MiB to"
                + " 1GiB -> write a number and a unit: KiB, MiB, GiB, or KB, MB, GB",
            "WEIR-1108 5:14 store.retention is a value, expected a section with keys ->"
                + " write its keys below it, indented by two spaces",
            "WEIR-1108 6:20 store.duplicateWindow is `10`, expected a duration from 0s to 7d"
                + " -> add the unit: 10s or 10ms",
            "WEIR-1108 7:17 store.duplicateIds is `1e6`, expected a whole number, 0 to"
                + " 16777216 ids -> write `duplicateIds: 131072` (the default), or remove the key",
            "WEIR-1108 9:13 flow.heartbeat has no value, expected duration (100ms to 5m) ->"
                + " write a value, or remove the key",
            "WEIR-1109 10:12 flow.v1Queue is `0`, expected 1 to 1000000 messages -> the"
                + " smallest allowed is 1",
            "WEIR-1108 11:15 flow.v1Overflow is `DropOldest`, expected credit or dropOldest"
                + " -> did you mean dropOldest?",
            "WEIR-1108 13:7 edge.to is a value, expected a list -> write `to: [weir://core]`",
            "WEIR-1108 14:10 edge.topic is `a/#`, expected a topic such as site1/app/logs ->"
                + " write non-empty levels separated by /; + and # are for filters only",
            "WEIR-1108 15:12 edge.inputs[0] is a value, expected a section with a key `type`"
                + " -> write `type: file` and its keys",
            "WEIR-1107 15:19 edge.inputs[1].type is missing, expected one of "
                + kinds()
                + " -> add `type: file`",
            "WEIR-1108 15:39 edge.inputs[2].type is `stdn`, expected "
                + kinds()
                + " -> did you mean stdin?",
            "WEIR-1109 15:66 edge.inputs[3].paths is empty, expected at least 1 -> write"
                + " `paths: [/var/log/app/*.log]`",
            "WEIR-1108 17:17 telemetry.logs.level is a list, expected error, warn, info,"
                + " debug or trace -> write `level: warn` (the default), or remove the key");
  }

  @Test
  void tellsAFileThatIsMissingOrADirectory() {
    LoadResult result =
        ConfigLoader.load(List.of(directory.resolve("none.yaml"), directory), Map.of(), Map.of());

    assertThat(loading.named(Loading.mistakes(result)))
        .extracting(mistake -> mistake.message() + " -> " + mistake.fix())
        .containsExactly(
            "`none.yaml` does not exist -> check the path, or write one with `weir config init`",
            "`" + directory + "` is a directory -> name a readable file");
  }

  @Test
  void theMachineIsTriedOutOnlyWhenAsked() throws IOException {
    Path file = Files.writeString(directory.resolve("plain"), "x");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String text =
          "version: 1\nserver: {listen: 127.0.0.1:%d, dataDir: %s/data}\nedge: {ops: 127.0.0.1:0}\n"
              .formatted(taken.getLocalPort(), file);

      assertThat(loading.load(text)).isInstanceOf(LoadResult.Loaded.class);
      LoadResult result = loading.load(text, Map.of(), Map.of(), new LoadScope(Role.CORE, true));
      assertThat(Loading.mistakes(result))
          .extracting(mistake -> mistake.pointer() + " " + mistake.code())
          .containsExactly(
              "/server/listen CONFIG_ENVIRONMENT", "/server/dataDir CONFIG_ENVIRONMENT");
    }
    String good =
        "version: 1\nserver: {listen: 127.0.0.1:0, dataDir: %s/a/b}\n".formatted(directory);
    assertThat(loading.load(good, Map.of(), Map.of(), new LoadScope(Role.CORE, true)))
        .isInstanceOf(LoadResult.Loaded.class);
    assertThat(directory.resolve("a")).doesNotExist();
  }

  /// Every kind of input, as a sentence names them.
  private static String kinds() {
    String all = String.join(", ", InputSection.VARIANTS.cases().keySet());
    return all.replaceFirst(", (?=[^,]*$)", " or ");
  }
}
