package dev.weir.it;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/// The disk of one started process, failing to order: compiles `src/test/native/weirfaults.c`,
/// loads it into the process before the C library, and arms its rules through a file that both map.
///
/// The layout of that file stands at the head of the C source. One thread arms and disarms; the
/// process reads at any time, so the `armed` word is written last, with release order.
final class FaultyDisk implements AutoCloseable {
  /// Errors as Linux numbers them.
  static final int EIO = 5;

  static final int ENOSPC = 28;

  /// The calls that a rule is about.
  enum Call {
    WRITE(1),
    SYNC(2),
    TRUNCATE(4);

    private final int bit;

    Call(int bit) {
      this.bit = bit;
    }
  }

  /// What a rule does; the C source says what each one means.
  enum Action {
    FAIL(1),
    SHORT(2),
    HOLD(3),
    LOSE(4),
    KILL(5);

    private final int number;

    Action(int number) {
      this.number = number;
    }
  }

  private static final int CONTROL_BYTES = 4096;
  private static final int RULES = 8;
  private static final int FIRST_RULE = 64;
  private static final int RULE_BYTES = 448;
  private static final int PREFIX_AT = 64;
  private static final int MAX_PREFIX_BYTES = 383;
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Path library;
  private final Path controlFile;
  private final MappedByteBuffer control;
  private int ruleCount;

  /// Compiles the library into a directory of the test, with its control file beside it.
  FaultyDisk(Path directory) throws IOException {
    if (!Command.isInstalled("gcc")) {
      throw new IllegalStateException(
          "This test makes the disk fail through a small C library and needs gcc to compile it:"
              + " apt-get install gcc libc6-dev");
    }
    library = directory.resolve("weirfaults.so");
    Command.require(
        "gcc",
        "-shared",
        "-fPIC",
        "-O1",
        "-o",
        library.toString(),
        Sources.test("native/weirfaults.c").toString(),
        "-ldl",
        "-lpthread");
    controlFile = directory.resolve("weirfaults.control");
    Files.write(controlFile, new byte[CONTROL_BYTES]);
    try (FileChannel channel =
        FileChannel.open(controlFile, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      control = channel.map(FileChannel.MapMode.READ_WRITE, 0, CONTROL_BYTES);
    }
    control.put(0, "WEIRFLT1".getBytes(StandardCharsets.US_ASCII));
  }

  /// What a process needs in its environment to get this disk.
  Map<String, String> environment() {
    return Map.of("LD_PRELOAD", library.toString(), "WEIR_FAULTS", controlFile.toString());
  }

  /// Saves what every write below `path` replaces, so that [Action#LOSE] can take it back. Before
  /// the process starts.
  Rule losing(Path path) {
    INT.setRelease(control, 8, 1);
    return rule(path, Call.SYNC, Action.LOSE).error(EIO);
  }

  /// A rule, not armed yet, for calls on files below a path.
  Rule rule(Path path, Call call, Action action) {
    if (ruleCount == RULES) {
      throw new IllegalStateException("at most " + RULES + " rules");
    }
    byte[] prefix = path.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
    if (prefix.length > MAX_PREFIX_BYTES) {
      throw new IllegalArgumentException("path longer than " + MAX_PREFIX_BYTES + ": " + path);
    }
    int at = FIRST_RULE + RULE_BYTES * ruleCount++;
    INT.set(control, at + 4, call.bit);
    INT.set(control, at + 8, action.number);
    control.put(at + PREFIX_AT, prefix);
    return new Rule(at).error(EIO).times(Long.MAX_VALUE);
  }

  /// Disarms every rule, so that no call stays held.
  @Override
  public void close() {
    for (int i = 0; i < ruleCount; i++) {
      INT.setRelease(control, FIRST_RULE + RULE_BYTES * i, 0);
    }
  }

  /// One rule in the control file.
  final class Rule {
    private final int at;

    private Rule(int at) {
      this.at = at;
    }

    /// The errno of a failing call.
    Rule error(int number) {
      INT.set(control, at + 12, number);
      return this;
    }

    /// The first matching call that it acts on, counted from 1 at the moment of arming.
    Rule fromCall(long number) {
      LONG.set(control, at + 16, number - 1);
      return this;
    }

    /// How often it acts; without end unless set.
    Rule times(long count) {
      LONG.set(control, at + 24, count);
      return this;
    }

    /// The bytes that a short or torn write still stores.
    Rule amount(long bytes) {
      LONG.set(control, at + 56, bytes);
      return this;
    }

    Rule arm() {
      LONG.set(control, at + 32, 0L);
      INT.setRelease(control, at, 1);
      return this;
    }

    Rule disarm() {
      INT.setRelease(control, at, 0);
      return this;
    }

    /// Calls that it acted on.
    long fired() {
      return (long) LONG.getAcquire(control, at + 40);
    }

    /// Calls that it holds now.
    long held() {
      return (long) LONG.getAcquire(control, at + 48);
    }
  }
}
