package dev.weir.edge.source.http;

import com.sun.net.httpserver.HttpExchange;
import dev.weir.base.Bytes;
import java.io.IOException;

/// What a source does with the requests of its listener. Each call runs on a virtual thread of its
/// own and may block.
public interface HttpEndpoint {
  /// Takes a request.
  ///
  /// @throws dev.weir.base.WeirException with a code of the registry when it is refused
  /// @throws HttpRefusal when it is none that is served here
  /// @throws IOException when the client went away
  HttpAnswer answer(HttpExchange exchange) throws IOException, InterruptedException;

  /// How the source's protocol tells a refusal; `Retry-After` is added where the status asks for
  /// it.
  default HttpAnswer refusal(HttpExchange exchange, HttpProblem problem) {
    return new HttpAnswer(
        problem.status(),
        "application/problem+json",
        Bytes.utf8(problem.json()),
        problem.headers());
  }
}
