package dev.weir.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A process of a bench that is asked by lines: says that it is ready and answers lines until its
/// standard input ends. `stat` is answered here: the bytes that all threads have allocated so far.
public final class ChildTalk {
  /// How an answer begins that is none.
  public static final String FAILED = "failed: ";

  private static final String STAT = "stat";

  private ChildTalk() {}

  /// What a child can do.
  @FunctionalInterface
  public interface Answers {
    /// @param words of the line, at least one
    String to(List<String> words) throws Exception;
  }

  /// Returns when nobody asks any more.
  public static void serve(String ready, Answers answers) throws IOException {
    PrintStream out = System.out;
    out.println("ready " + ready);
    out.flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(answer(line, answers));
      out.flush();
    }
  }

  private static String answer(String line, Answers answers) {
    try {
      return line.equals(STAT)
          ? Long.toString(allocatedBytes())
          : answers.to(List.of(line.split(" ", -1)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED + e;
    } catch (Exception e) {
      return FAILED + e.toString().replace('\n', ' ');
    }
  }

  /// Bytes that all threads of this process have allocated so far, ended ones included.
  public static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getTotalThreadAllocatedBytes();
  }
}
