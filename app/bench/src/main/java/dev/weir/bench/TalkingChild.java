package dev.weir.bench;

import dev.weir.load.ChildTalk;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A process that is asked by lines of its standard input and answers each with one line: see
/// [ChildTalk]. It says `ready …` first, and ends with its standard input. One thread drives it.
public final class TalkingChild implements AutoCloseable {
  private static final String READY = "ready ";
  private static final int MOST_ERRORS = 1 << 16;
  private static final Duration END_WAIT = Duration.ofSeconds(5);

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;

  /// What it said on its standard error, as far as it fits. Guarded by itself.
  private final StringBuilder errors = new StringBuilder();

  private final CountDownLatch errorsEnded = new CountDownLatch(1);
  private String ready = "";

  /// A child could not do what it was asked for, and says why.
  public static final class Failure extends IOException {
    private static final long serialVersionUID = 1L;

    private Failure(String message) {
      super(message);
    }
  }

  private TalkingChild(Process process) {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
  }

  /// Starts it and waits until it is ready.
  public static TalkingChild start(List<String> command) throws IOException {
    TalkingChild child = new TalkingChild(Children.start(new ProcessBuilder(command)));
    Thread.ofVirtual().name("weir-bench-errors").start(child::readErrors);
    try {
      String line = child.line();
      if (!line.startsWith(READY)) {
        throw new IOException("a child said '" + line + "', expected '" + READY + "'");
      }
      child.ready = line.substring(READY.length());
      return child;
    } catch (IOException e) {
      child.close();
      throw e;
    }
  }

  /// What it said behind `ready`.
  public String ready() {
    return ready;
  }

  /// Asks and waits for the answer.
  ///
  /// @throws Failure when it could not do that; it may be asked again
  /// @throws IOException when the child has ended, with what it said on its errors
  public String ask(String question) throws IOException {
    questions.write(question);
    questions.newLine();
    questions.flush();
    String answer = line();
    if (answer.startsWith(ChildTalk.FAILED)) {
      throw new Failure("'" + question + "': " + answer);
    }
    return answer;
  }

  private String line() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("a child process ended early:\n" + said());
    }
    return line;
  }

  private String said() {
    try {
      var _ = errorsEnded.await(2, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    synchronized (errors) {
      return errors.toString();
    }
  }

  private void readErrors() {
    try (BufferedReader said = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        keep(line);
      }
    } catch (IOException _) {
      // It has ended.
    } finally {
      errorsEnded.countDown();
    }
  }

  private void keep(String line) {
    synchronized (errors) {
      if (errors.length() < MOST_ERRORS) {
        errors.append(line).append('\n');
      }
    }
  }

  /// CPU time that it has used, user and system.
  public double cpuSeconds() {
    return Children.cpuSeconds(process);
  }

  @Override
  public void close() {
    try {
      questions.close();
      if (process.waitFor(END_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (IOException _) {
      // It has closed its end already.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    Children.end(process, END_WAIT);
  }
}
