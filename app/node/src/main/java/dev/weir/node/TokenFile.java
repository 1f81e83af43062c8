package dev.weir.node;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.wire.WireAuthenticator;
import dev.weir.wire.WireCredentials;
import dev.weir.wire.WireIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Lets in who shows a token of a file. A line is `NAME TOKEN`; empty ones and those that begin
/// with `#` say nothing. Any thread.
final class TokenFile implements WireAuthenticator {
  private final Path file;
  private volatile List<Entry> entries;

  private record Entry(String name, Bytes token) {}

  /// @throws WeirException CONFIG_ENVIRONMENT when it cannot be read or holds no token
  TokenFile(Path file) {
    this.file = file;
    this.entries = read();
  }

  /// Reads the file again; on a failure what was read before stays in force.
  void refresh() {
    entries = read();
  }

  private List<Entry> read() {
    List<Entry> found = new ArrayList<>();
    int number = 0;
    for (String line : lines(file)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      List<String> words = List.of(text.split("\\s+"));
      if (words.size() != 2) {
        throw refused(file, "line " + number + " is not NAME TOKEN");
      }
      found.add(new Entry(words.get(0), Bytes.utf8(words.get(1))));
    }
    if (found.isEmpty()) {
      throw refused(file, "it holds no line NAME TOKEN");
    }
    return List.copyOf(found);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw refused(file, "it cannot be read (" + e + ")");
    }
  }

  /// The token that a file holds: its first line.
  static String only(Path file) {
    return lines(file).stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElseThrow(() -> refused(file, "it is empty, expected a token"));
  }

  private static WeirException refused(Path file, String fault) {
    return new WeirException(
        ErrorCode.CONFIG_ENVIRONMENT, "The token file " + file + " cannot be used: " + fault + ".");
  }

  @Override
  public CompletionStage<WireIdentity> authenticate(WireCredentials credentials) {
    byte[] shown = credentials.token().getBytes(StandardCharsets.UTF_8);
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.token().toArray(), shown)) { // Takes the same time for each.
        return CompletableFuture.completedStage(
            new WireIdentity(entry.name(), WireIdentity.Proof.TOKEN));
      }
    }
    return WireAuthenticator.refuse(
        credentials.token().isEmpty() ? "A token is needed." : "The token is not known.");
  }
}
