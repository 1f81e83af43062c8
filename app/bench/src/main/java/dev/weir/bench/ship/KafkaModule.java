package dev.weir.bench.ship;

import dev.weir.bench.BenchFiles;
import dev.weir.bench.Children;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The module `app/bench/peers/kafka` of a checkout: Kafka and two small programs over its clients.
/// It is no part of the product's build; Maven fetches and builds it when it is first used.
///
/// @param directory of its pom.xml
record KafkaModule(Path directory) {
  private static final Duration LONGEST_BUILD = Duration.ofMinutes(10);

  /// Builds what is missing or older than its sources.
  ///
  /// @return the class path of broker, producer and consumer
  /// @throws IOException when Maven is missing or fails, with what it said
  String classPath() throws IOException {
    Path target = directory.resolve("target");
    Path libraries = libraries();
    if (!isBuilt()) {
      build(Files.createDirectories(target).resolve("build.log"));
    }
    return target.resolve("classes") + File.pathSeparator + Files.readString(libraries).strip();
  }

  /// Whether it can be used without Maven.
  boolean isBuilt() throws IOException {
    return Files.exists(libraries()) && newestSource().compareTo(age(libraries())) <= 0;
  }

  private Path libraries() {
    return directory.resolve("target").resolve("class-path");
  }

  private FileTime newestSource() throws IOException {
    FileTime newest = age(directory.resolve("pom.xml"));
    try (Stream<Path> files = Files.walk(directory.resolve("src"))) {
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
        List.of("mvn", "-B", "-ntp", "-q", "-Dfast", "-Dspotless.check.skip", "process-classes");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process maven = Children.start(builder);
    try {
      if (!maven.waitFor(LONGEST_BUILD.toSeconds(), TimeUnit.SECONDS) || maven.exitValue() != 0) {
        throw new IOException(
            "Maven did not build " + directory + ", see " + log + ":\n" + BenchFiles.tail(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Maven built " + directory, e);
    } finally {
      maven.destroy();
    }
  }
}
