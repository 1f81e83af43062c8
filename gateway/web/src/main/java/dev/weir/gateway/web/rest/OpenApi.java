package dev.weir.gateway.web.rest;

import dev.weir.base.Bytes;
import dev.weir.gateway.web.http.WebAnswer;
import dev.weir.gateway.web.http.WebRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The description of all paths, a file beside the code; a test holds it against the routes.
public final class OpenApi {
  private static final String RESOURCE = "/dev/weir/gateway/web/openapi.json";

  private final Bytes document;

  public OpenApi() {
    try (InputStream in = OpenApi.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not in the distribution");
      }
      this.document = Bytes.wrap(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// `GET /v1/openapi.json`.
  public WebAnswer answer(WebRequest request) {
    request.allow();
    return WebAnswer.json(200, document);
  }
}
