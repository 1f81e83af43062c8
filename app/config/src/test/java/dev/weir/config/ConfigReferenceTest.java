package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
  @Test
  void theReferenceInTheDocsIsPrintedFromTheSchema() throws IOException {
    Path page = docs().resolve("reference/configuration.md");
    if (Boolean.getBoolean("weir.docs.write")) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, ConfigReference.markdown());
    }

    assertThat(page).hasContent(ConfigReference.markdown());
  }

  /// The first directory upwards that holds the docs, from wherever the tests are started.
  private static Path docs() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve("app/config/pom.xml"))) {
        return at.resolve("docs");
      }
    }
    throw new IllegalStateException("started outside of the checkout");
  }
}
