package dev.weir.node.auth;

import dev.weir.auth.AuthBook;
import dev.weir.config.mistake.Mistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at `auth.yaml` four times a second and hands on what it says, once it has been the same
/// for two looks. A file that has mistakes, or is gone, changes nothing: what was read last stays
/// in force, and that is logged once.
///
/// `weir-auth-file` reads and calls back.
public final class AuthWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuthWatch.class);
  private static final long PERIOD_MILLIS = 250;

  private final AuthFile file;
  private final Consumer<AuthBook> onChange;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weir-auth-file").factory());
  private String seen;
  private String last;

  public AuthWatch(AuthFile file, Consumer<AuthBook> onChange) {
    this.file = file;
    this.onChange = onChange;
    this.seen = signature(file.path());
    this.last = seen;
    var _ =
        timer.scheduleWithFixedDelay(
            this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// Changes with the file: `weir auth` replaces it, editors do that or write into it.
  private static String signature(Path path) {
    try {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      return now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
    } catch (IOException e) {
      return "gone";
    }
  }

  private void look() {
    String now = signature(file.path());
    boolean isSettled = now.equals(last); // Else somebody may still be writing into it.
    last = now;
    if (now.equals(seen) || !isSettled) {
      return;
    }
    seen = now;
    try {
      switch (file.read()) {
        case AuthFile.Result.Loaded(AuthBook book) -> {
          onChange.accept(book);
          LOG.info("{} was read again", file.path());
        }
        case AuthFile.Result.Refused(List<Mistake> mistakes) ->
            LOG.error(
                "{} is not taken, what was read before stays in force: {}: {}",
                file.path(),
                mistakes.getFirst().span().place(),
                mistakes.getFirst().message());
      }
    } catch (RuntimeException e) { // A bug must not end the watch.
      LOG.error("reading {} failed", file.path(), e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
