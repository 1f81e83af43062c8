package dev.weir.gateway.port;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.WeirException;

/// An answer over HTTP.
///
/// @param status 200 to 599
/// @param contentType media type of the body
public record OpsAnswer(int status, String contentType, Bytes body) {
  /// How to show who asks (RFC 6750). Passwords are taken as well (`Basic`), but not asked for: a
  /// browser would remember one and show it on behalf of every page.
  public static final String CHALLENGE = "Bearer realm=\"weir\"";

  public OpsAnswer {
    Checks.range("status", status, 200, 599);
  }

  public static OpsAnswer text(int status, String text) {
    return new OpsAnswer(status, "text/plain; charset=utf-8", Bytes.utf8(text));
  }

  public static OpsAnswer json(int status, String json) {
    return new OpsAnswer(status, "application/json", Bytes.utf8(json));
  }

  /// A refusal as RFC 9457 writes it.
  static OpsAnswer problem(int status, String title, String detail) {
    String json =
        """
        {"type":"about:blank","title":"%s","status":%d,"detail":"%s"}
        """
            .formatted(title, status, escape(detail));
    return new OpsAnswer(status, "application/problem+json", Bytes.utf8(json));
  }

  /// Nobody known asks (401), or somebody who may not (403), or too often (429).
  public static OpsAnswer refusal(WeirException cause) {
    int status =
        switch (cause.code()) {
          case NOT_PERMITTED -> 403;
          case LOGIN_PAUSED, OVERLOADED, QUOTA_EXCEEDED -> 429;
          default -> 401;
        };
    String title =
        status == 403 ? "Forbidden" : status == 429 ? "Too Many Requests" : "Unauthorized";
    return problem(status, title, cause.explanation());
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        escaped.append('\\').append(c);
      } else if (c < 0x20) {
        escaped.append(String.format("\\u%04x", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
