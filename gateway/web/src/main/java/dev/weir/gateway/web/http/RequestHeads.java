package dev.weir.gateway.web.http;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.gateway.port.Peer;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Reads and judges request heads. Pure.
final class RequestHeads {
  /// RFC 6750 §2.3.
  private static final String TOKEN = "access_token";

  private RequestHeads() {}

  /// A head that Netty could not read.
  static WebAnswer undecodable(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ ->
          Problems.of(
              414,
              new WeirException(
                  ErrorCode.TOO_LARGE,
                  "The request line has more than " + WebLimits.LINE_BYTES + " bytes."));
      case TooLongHttpHeaderException _ ->
          Problems.of(
              431,
              new WeirException(
                  ErrorCode.TOO_LARGE,
                  "The headers have more than " + WebLimits.HEADER_BYTES + " bytes."));
      default ->
          Problems.of(new WeirException(ErrorCode.MALFORMED, "The request is not valid HTTP/1.1."));
    };
  }

  static String rawPath(String uri) {
    int start = uri.startsWith("http://") || uri.startsWith("https://") ? pathOf(uri) : 0;
    int end = uri.indexOf('?');
    return uri.substring(start, end < 0 ? uri.length() : Math.max(start, end));
  }

  /// A proxy's clients name the whole address (RFC 9112 §3.2.2).
  private static int pathOf(String uri) {
    int slash = uri.indexOf('/', uri.indexOf("//") + 2);
    return slash < 0 ? uri.length() : slash;
  }

  static String rawQuery(String uri) {
    int start = uri.indexOf('?');
    return start < 0 ? "" : uri.substring(start + 1);
  }

  /// By names in lower case; several values of one name are one list (RFC 9110 §5.2).
  static Map<String, String> headers(HttpHeaders all) {
    Map<String, String> headers = new LinkedHashMap<>();
    all.forEach(header ->
        headers.merge(
            header.getKey().toLowerCase(Locale.ROOT),
            header.getValue(),
            (first, next) -> first + ", " + next));
    return headers;
  }

  /// The query's parameters, but for who asks.
  static Map<String, List<String>> parameters(HttpRequest head, RouteTable.Access access) {
    Map<String, List<String>> all = PercentText.query(rawQuery(head.uri()));
    if (access != RouteTable.Access.PAGES || !all.containsKey(TOKEN)) {
      return all;
    }
    Map<String, List<String>> others = new LinkedHashMap<>(all);
    others.remove(TOKEN);
    return others;
  }

  static Shown shown(HttpRequest head, RouteTable.Access access, Peer peer) {
    return new Shown(
        String.join(", ", head.headers().getAll(HttpHeaderNames.AUTHORIZATION)),
        access == RouteTable.Access.PAGES
            ? PercentText.query(rawQuery(head.uri())).getOrDefault(TOKEN, List.of())
            : List.of(),
        peer);
  }

  static WebAnswer notFound(HttpRequest head) {
    String path = rawPath(head.uri());
    String shown = path.length() > 80 ? path.substring(0, 80) + "…" : path;
    return Problems.of(new WeirException(ErrorCode.PATH_UNKNOWN, "There is no " + shown + "."));
  }

  static WebAnswer notAllowed(HttpRequest head, Set<String> allowed) {
    String methods = String.join(", ", new TreeSet<>(allowed));
    return Problems.of(
            new WeirException(
                ErrorCode.METHOD_UNKNOWN,
                head.method() + " is not allowed here, expected " + methods + "."))
        .with("allow", methods);
  }
}
