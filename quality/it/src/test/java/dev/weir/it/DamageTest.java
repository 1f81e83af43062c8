package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.it.Launch.Ended;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bits that rot in a log: found by the verifier, no reason not to start, told to a reader, and
/// everything around them is delivered.
final class DamageTest {
  private static final int CHECK_FAILED = 8;
  private static final int LINES = 4000;
  private static final Pattern MISSED = Pattern.compile("([0-9]+) messages before");

  @TempDir private Path directory;

  @Test
  void deliversEverythingAroundAFlippedBit() throws IOException {
    RandomGenerator random = Seeds.random("DamageTest");
    Launch launch =
        new Launch(directory.resolve("core-output"))
            .environment(Map.of("WEIR__STORE__SEGMENT_BYTES", "1MiB"));
    try (Site site = new Site(directory, launch)) {
      site.startCore();
      List<String> lines = publish(site, random);
      site.core().kill();
      String data = site.coreData().toString();
      Launch tools = new Launch(directory.resolve("tool-output"));
      assertThat(tools.run("log", "verify", data).status()).isZero();

      flipABit(site.coreData(), random);
      Ended verified = tools.run("log", "verify", data);
      assertThat(verified.status()).as(verified.output()).isEqualTo(CHECK_FAILED);

      site.startCore();
      Ended read =
          tools.run(
              "sub",
              "#",
              "--from",
              "first",
              "--exit-at-end",
              "--server",
              "weir://" + site.core().server());
      List<String> delivered = read.output().lines().toList();
      Matcher missed = MISSED.matcher(read.error());
      assertThat(missed.find()).as(read.error()).isTrue();
      assertThat(delivered).hasSize(LINES - Integer.parseInt(missed.group(1)));
      assertThat(delivered.size()).isGreaterThan(LINES / 2);
      assertThat(lines).containsSubsequence(delivered);
    }
  }

  private List<String> publish(Site site, RandomGenerator random) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      StringBuilder line = new StringBuilder().append(i).append(' ');
      while (line.length() < 800) {
        line.append(Long.toHexString(random.nextLong()));
      }
      lines.add(line.toString());
    }
    Path input = Files.write(directory.resolve("lines"), lines);
    Ended done =
        new Launch(directory.resolve("pub-output"))
            .run(
                "pub",
                "rot",
                "--file",
                input.toString(),
                "--each",
                "line",
                "--server",
                "weir://" + site.core().server());
    assertThat(done.status()).as(done.error()).isZero();
    return lines;
  }

  /// Flips one bit in the middle of the largest segment that is complete: the newest may end in
  /// space laid out ahead, and the first one gives way to a better laid out one early.
  private static void flipABit(Path data, RandomGenerator random) throws IOException {
    Path segment = largest(complete(data));
    try (FileChannel file =
        FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long at = random.nextLong(file.size() / 5, file.size() * 3 / 5);
      ByteBuffer one = ByteBuffer.allocate(1);
      assertThat(file.read(one, at)).isEqualTo(1);
      one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
      file.write(one.rewind(), at);
    }
  }

  private static List<Path> complete(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      List<Path> segments =
          files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
      return segments.subList(0, segments.size() - 1);
    }
  }

  private static Path largest(List<Path> segments) throws IOException {
    Path largest = segments.getFirst();
    for (Path segment : segments) {
      if (Files.size(segment) > Files.size(largest)) {
        largest = segment;
      }
    }
    return largest;
  }
}
