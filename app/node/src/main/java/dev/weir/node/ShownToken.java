package dev.weir.node;

import dev.weir.base.WeirException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an edge shows a core that asks who comes: the token of a file, read anew each time, so that
/// a renewed one is taken. While the file cannot be used, the token before it is shown. Any thread.
final class ShownToken implements Supplier<String> {
  private static final Logger LOG = LoggerFactory.getLogger(ShownToken.class);

  private final Path file;
  private volatile String token;

  /// @throws WeirException CONFIG_ENVIRONMENT when the file cannot be read or holds no token
  ShownToken(Path file) {
    this.file = file;
    this.token = TokenFile.only(file);
  }

  @Override
  public String get() {
    try {
      token = TokenFile.only(file);
    } catch (WeirException e) {
      LOG.warn("{} The token before it is shown.", e.getMessage());
    }
    return "Bearer " + token;
  }
}
