package dev.weir.edge.source.http;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.JsonText;
import java.util.Map;

/// An error as HTTP tells it (RFC 9457), with the code of the registry.
///
/// @param status 400 to 599
/// @param headers that the answer needs beside its body
public record HttpProblem(int status, ErrorCode code, String detail, Map<String, String> headers) {
  public HttpProblem {
    headers = Map.copyOf(headers);
  }

  static HttpProblem of(WeirException cause) {
    return new HttpProblem(
        status(cause.code()), cause.code(), String.valueOf(cause.getMessage()), Map.of());
  }

  String json() {
    return "{\"type\":\"about:blank\",\"title\":"
        + JsonText.quoted(code.meaning())
        + ",\"status\":"
        + status
        + ",\"detail\":"
        + JsonText.quoted(detail)
        + ",\"code\":"
        + JsonText.quoted(code.label())
        + ",\"fix\":"
        + JsonText.quoted(code.fix())
        + "}\n";
  }

  private static int status(ErrorCode code) {
    return switch (code) {
      case SPOOL_FULL, DISK_FULL, OVERLOADED, QUEUE_FULL, WINDOW_FULL -> 429;
      case TOO_LARGE, DECOMPRESSION_REFUSED -> 413;
      case MALFORMED, INVALID_TOPIC -> 400;
      case LOG_POISONED, TIMED_OUT, CONNECTION_LOST, UNREACHABLE -> 503;
      default -> 500; // Nothing else is raised on this way; a code added later is our fault.
    };
  }
}
