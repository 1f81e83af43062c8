package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PeerModuleTest {
  @TempDir Path checkout;

  @Test
  void takesABuiltModuleAsItIs() throws IOException {
    PeerModule module = module("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");

    assertThat(module.classPath())
        .isEqualTo(
            checkout.resolve("app/bench/peers/rival/target/classes")
                + File.pathSeparator
                + "a.jar:b.jar");
  }

  @Test
  void buildsAModuleAnewWhoseSourcesAreNewer() throws IOException {
    PeerModule module = module("2026-01-03T00:00:00Z", "2026-01-02T00:00:00Z");

    assertThatThrownBy(module::classPath)
        .as("its pom.xml is none")
        .hasMessageContaining("Maven did not build")
        .hasMessageContaining("pom.xml");
  }

  private PeerModule module(String sourceTime, String builtTime) throws IOException {
    Files.writeString(checkout.resolve("pom.xml"), "<none");
    Path directory = checkout.resolve("app/bench/peers/rival");
    Path folder = Files.createDirectories(directory.resolve("src"));
    at("2025-01-01T00:00:00Z", Files.writeString(directory.resolve("pom.xml"), "<none"));
    at(sourceTime, Files.writeString(folder.resolve("A.java"), "class A {}"));
    at(sourceTime, folder);
    Path target = Files.createDirectories(directory.resolve("target"));
    at(builtTime, Files.writeString(target.resolve("class-path"), "a.jar:b.jar\n"));
    return new PeerModule(checkout, "rival");
  }

  private static void at(String time, Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
  }
}
