package dev.weir.edge.source.http;

import dev.weir.base.ErrorCode;
import java.util.Map;

/// A request that the listener does not serve at all: another method, path or encoding.
public final class HttpRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient HttpProblem problem;

  private HttpRefusal(HttpProblem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  /// A path that is not served; the detail names those that are.
  public static HttpRefusal unknownPath(String detail) {
    return new HttpRefusal(new HttpProblem(404, ErrorCode.USAGE, detail, Map.of()));
  }

  /// A method that the path does not take.
  public static HttpRefusal unknownMethod(String method, String allowed) {
    return new HttpRefusal(
        new HttpProblem(
            405, ErrorCode.USAGE, method + " is not taken here.", Map.of("Allow", allowed)));
  }

  /// A media type or encoding that is not understood; the headers name those that are.
  public static HttpRefusal unsupported(String detail, Map<String, String> headers) {
    return new HttpRefusal(new HttpProblem(415, ErrorCode.MALFORMED, detail, headers));
  }

  HttpProblem problem() {
    return problem;
  }
}
