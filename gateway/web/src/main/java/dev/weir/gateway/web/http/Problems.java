package dev.weir.gateway.web.http;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.gateway.port.OpsAnswer;
import dev.weir.gateway.web.json.JsonText;
import java.util.Map;
import java.util.Set;

/// Refusals as RFC 9457 writes them: the status that a client of HTTP acts on, the registry's code,
/// what happened and what to do.
public final class Problems {
  private static final String MEDIA_TYPE = "application/problem+json";

  /// Nothing here lasts longer by its nature: the disk's next commit, a place that gets free.
  private static final String RETRY_AFTER_SECONDS = "1";

  /// Statuses after which the same request may succeed.
  private static final Set<Integer> RETRIED = Set.of(429, 503, 504, 507);

  private static final int UNAUTHORIZED = 401;

  private Problems() {}

  public static WebAnswer of(WeirException cause) {
    return of(status(cause.code()), cause);
  }

  public static WebAnswer of(int status, WeirException cause) {
    JsonText json = new JsonText().beginObject();
    members(json, status, cause);
    WebAnswer answer = new WebAnswer(status, MEDIA_TYPE, Map.of(), json.endObject().bytes());
    if (status == UNAUTHORIZED) {
      return answer.with("www-authenticate", challenge(cause.code()));
    }
    // The refusal says how long an address waits.
    boolean isPaused = cause.code() == ErrorCode.LOGIN_PAUSED;
    return RETRIED.contains(status) && !isPaused
        ? answer.with("retry-after", RETRY_AFTER_SECONDS)
        : answer;
  }

  /// RFC 6750 §3: a token that was shown, and does not do, is told from none.
  private static String challenge(ErrorCode code) {
    return code == ErrorCode.CREDENTIALS_MISSING
        ? OpsAnswer.CHALLENGE
        : OpsAnswer.CHALLENGE + ", error=\"invalid_token\"";
  }

  /// The members of a problem, into an object that is begun.
  public static void members(JsonText json, WeirException cause) {
    members(json, status(cause.code()), cause);
  }

  private static void members(JsonText json, int status, WeirException cause) {
    ErrorCode code = cause.code();
    json.put("type", "urn:weir:error:" + code.number())
        .put("title", code.meaning())
        .put("status", status)
        .put("detail", String.valueOf(cause.getMessage()))
        .put("code", code.label())
        .put("fix", code.fix());
  }

  /// The status of an error.
  public static int status(ErrorCode code) {
    return switch (code) {
      case INVALID_TOPIC, INVALID_CURSOR, MALFORMED, USAGE, PROTOCOL_BROKEN, UNSUPPORTED_VERSION ->
          400;
      case UNAUTHENTICATED, CREDENTIALS_MISSING, CREDENTIALS_EXPIRED, CREDENTIALS_REVOKED ->
          UNAUTHORIZED;
      case NOT_PERMITTED, ORIGIN_REFUSED -> 403;
      case QUEUE_UNKNOWN, CLIENT_UNKNOWN, PATH_UNKNOWN -> 404;
      case METHOD_UNKNOWN -> 405;
      case QUEUE_EXISTS, LEASE_OVER -> 409;
      case BEFORE_RETENTION -> 410;
      case TOO_LARGE, DECOMPRESSION_REFUSED -> 413;
      case WINDOW_FULL, CREDIT_EXCEEDED, LOGIN_PAUSED, QUOTA_EXCEEDED -> 429;
      case RESPONDER_LOST, REQUEST_FAILED -> 502;
      case OVERLOADED, CONNECTION_LOST, UNREACHABLE, LOG_POISONED, NO_RESPONDER -> 503;
      case TIMED_OUT -> 504;
      case DISK_FULL, RETAINED_FULL -> 507;
      default -> 500;
    };
  }
}
