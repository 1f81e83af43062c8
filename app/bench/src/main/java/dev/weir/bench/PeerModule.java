package dev.weir.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A module below `app/bench/peers` of a checkout: rivals of the bench and small programs over
/// their clients. It is no part of the product's build; Maven fetches and builds it, and what it
/// needs of the checkout, when it is first used.
///
/// @param checkout its root
/// @param name of the module's directory
public record PeerModule(Path checkout, String name) {
  private static final Duration LONGEST_BUILD = Duration.ofMinutes(10);

  /// Builds what is missing or older than its sources.
  ///
  /// @return the class path of its programs
  /// @throws IOException when Maven is missing or fails, with what it said
  public String classPath() throws IOException {
    Path target = directory().resolve("target");
    Path libraries = libraries();
    if (!isBuilt()) {
      build(Files.createDirectories(target).resolve("build.log"));
    }
    return target.resolve("classes") + File.pathSeparator + Files.readString(libraries).strip();
  }

  /// Whether it can be used without Maven.
  public boolean isBuilt() throws IOException {
    return Files.exists(libraries()) && newestSource().compareTo(age(libraries())) <= 0;
  }

  private String path() {
    return "app/bench/peers/" + name;
  }

  private Path directory() {
    return checkout.resolve(path());
  }

  private Path libraries() {
    return directory().resolve("target").resolve("class-path");
  }

  private FileTime newestSource() throws IOException {
    FileTime newest = age(directory().resolve("pom.xml"));
    try (Stream<Path> files = Files.walk(directory().resolve("src"))) {
      for (Path file : files.toList()) {
        newest = newest.compareTo(age(file)) < 0 ? age(file) : newest;
      }
    }
    return newest;
  }

  private static FileTime age(Path file) throws IOException {
    return Files.getLastModifiedTime(file);
  }

  private void build(Path log) throws IOException {
    List<String> words =
        List.of(
            "mvn",
            "-B",
            "-ntp",
            "-q",
            "-Dfast",
            "-Dspotless.check.skip",
            "-Ppeers",
            "-pl",
            path(),
            "-am",
            "process-classes");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(checkout.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process maven = Children.start(builder);
    try {
      if (!maven.waitFor(LONGEST_BUILD.toSeconds(), TimeUnit.SECONDS) || maven.exitValue() != 0) {
        throw new IOException(
            "Maven did not build " + directory() + ", see " + log + ":\n" + BenchFiles.tail(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Maven built " + directory(), e);
    } finally {
      maven.destroy();
    }
  }
}
