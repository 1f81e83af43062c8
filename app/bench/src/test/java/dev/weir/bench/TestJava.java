package dev.weir.bench;

import java.nio.file.Path;
import java.util.List;

/// How tests start a process with their own class path.
public final class TestJava {
  private TestJava() {}

  public static List<String> words() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"));
  }
}
