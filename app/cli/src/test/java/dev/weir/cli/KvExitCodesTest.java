package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.Served.Ended;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `weir kv` ends with, on a core that serves everything on its one port.
final class KvExitCodesTest {
  @TempDir Path directory;
  private Served served = new Served(Path.of(""));
  private String url = "";

  @BeforeEach
  void serve() {
    served = new Served(directory);
    url = "weir://" + served.start("all", Map.of("kv.maxValue", "1KiB"));
  }

  @AfterEach
  void close() {
    served.close();
  }

  private Ended kv(String... words) {
    return kv(null, words);
  }

  private Ended kv(byte @Nullable [] input, String... words) {
    List<String> all = new java.util.ArrayList<>(List.of("kv"));
    all.addAll(List.of(words));
    return Served.run(url, input, all, List.of());
  }

  private static void assertExit(Ended ended, int exit, String told) {
    assertThat(ended.exit()).as(ended.err()).isEqualTo(exit);
    assertThat(ended.err()).contains(told).doesNotContain("\tat ");
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void zeroForWhatWasDone() {
    Ended put = kv("put", "b/k", "one");
    assertThat(put.exit()).as(put.err()).isZero();
    assertThat(put.out()).isEqualTo("revision 1, durable\n");
    assertThat(kv("get", "b/k").out()).isEqualTo("one");
    assertThat(kv("ls", "b").out()).contains("k");
    assertThat(kv("bucket", "set", "b", "--history", "4").exit()).isZero();
    assertThat(kv("del", "b/k").out()).isEqualTo("deleted at revision 3\n");
  }

  @Test
  void takesAValueFromStandardInputAsItIs() {
    byte[] bytes = "a\nb\0c".getBytes(StandardCharsets.UTF_8);

    assertThat(kv(bytes, "put", "b/raw").exit()).isZero();

    assertThat(kv("get", "b/raw").out()).isEqualTo("a\nb\0c");
  }

  @Test
  void twoForAWrongCommandLine() {
    assertExit(kv("get", "bucketAlone"), 2, "");
    assertExit(kv("put", "b/k", "v", "--if-absent", "--if-revision", "3"), 2, "--if-absent");
    assertExit(kv("bucket", "set", "b", "--history", "65"), 2, "--history is 65");
    url = "http://127.0.0.1:1";
    assertExit(kv("get", "b/k"), 2, "http://127.0.0.1:1");
  }

  @Test
  void threeForWhatIsNotThere() {
    assertExit(kv("get", "b/nothing"), 3, "b/nothing has no value");
    kv("put", "b/k", "one");
    assertExit(kv("get", "b/k", "--revision", "7"), 3, "revision 7");
    assertExit(kv("get", "b/nothing", "--history"), 3, "no revisions");
    assertExit(kv("del", "b/nothing"), 3, "has no value");
    assertExit(kv("put", "b/k", "--file", directory.resolve("none").toString()), 3, "none");
  }

  @Test
  void fourForAConditionThatDoesNotHold() {
    kv("put", "b/k", "one");

    assertExit(kv("put", "b/k", "two", "--if-absent"), 4, "is at revision 1");
    assertExit(kv("put", "b/k", "two", "--if-revision", "9"), 4, "is at revision 1");
    assertExit(kv("del", "b/k", "--if-revision", "9"), 4, "is at revision 1");
    assertThat(kv("get", "b/k").out()).isEqualTo("one");
    assertThat(kv("put", "b/k", "two", "--if-revision", "1").exit()).isZero();
  }

  @Test
  void fiveForWhatTheServerRefuses() {
    assertExit(kv("put", "b/k", "x".repeat(2_000)), 5, "WEIR-7003");
    assertExit(kv("get", "b/k"), 3, "no value");
  }

  @Test
  void sixtyNineForAServerThatIsNotThere() {
    served.close();

    Ended get = Served.run(url, null, List.of("kv", "get", "b/k"), List.of(), "1s");

    assertExit(get, 69, "WEIR-2001");
  }
}
