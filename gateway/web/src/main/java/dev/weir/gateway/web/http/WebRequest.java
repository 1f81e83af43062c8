package dev.weir.gateway.web.http;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.gateway.port.Peer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A request as routes see it.
///
/// @param method in capitals; HEAD for a GET without a body in the answer
/// @param captured what stands in the path for a template's names, decoded
/// @param parameters the query's, decoded; `+` is a plus
/// @param headers by their names in lower case, several values of one name joined by `, `
/// @param peer the connection's other end
/// @param caller who asks; nobody before an entrance has let the request in
public record WebRequest(
    String method,
    String path,
    Map<String, String> captured,
    Map<String, List<String>> parameters,
    Map<String, String> headers,
    Bytes body,
    Departures departures,
    Peer peer,
    Caller caller) {
  /// Tells a route that waits when nobody waits for it any more.
  @FunctionalInterface
  public interface Departures {
    /// @param task is run once, by the connection's event loop, when the connection is lost before
    ///   the answer is written
    void onLost(Runnable task);
  }

  WebRequest by(Caller known) {
    return new WebRequest(
        method, path, captured, parameters, headers, body, departures, peer, known);
  }

  /// It prints no secret.
  @Override
  public String toString() {
    return "WebRequest[" + method + " " + path + "]";
  }

  /// What the path holds for a name of the route's template.
  public String captured(String name) {
    String value = captured.get(name);
    if (value == null) {
      throw new IllegalStateException("the route's template has no {" + name + "}");
    }
    return value;
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /// Every value of a parameter.
  public List<String> all(String name) {
    return parameters.getOrDefault(name, List.of());
  }

  /// A parameter that may be given once.
  ///
  /// @throws WeirException with MALFORMED when it is given several times
  public Optional<String> one(String name) {
    List<String> values = all(name);
    if (values.size() > 1) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "The parameter '" + name + "' is given " + values.size() + " times.");
    }
    return values.stream().findFirst();
  }

  /// A number.
  ///
  /// @throws WeirException with MALFORMED when it is none, or out of range
  public int number(String name, int low, int high, int byDefault) {
    Optional<String> text = one(name);
    if (text.isEmpty()) {
      return byDefault;
    }
    if (text.get().matches("\\d{1,9}")) {
      int number = Integer.parseInt(text.get());
      if (number >= low && number <= high) {
        return number;
      }
    }
    throw new WeirException(
        ErrorCode.MALFORMED,
        "The parameter '"
            + name
            + "' is '"
            + text.get()
            + "', expected "
            + low
            + " to "
            + high
            + ".");
  }

  /// Refuses what the route does not know, so that a mistyped name is told and not passed over.
  ///
  /// @throws WeirException with MALFORMED, naming it
  public void allow(String... names) {
    Set<String> unknown = new TreeSet<>(parameters.keySet());
    unknown.removeAll(List.of(names));
    if (!unknown.isEmpty()) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "The parameter '"
              + unknown.iterator().next()
              + "' is not known, expected "
              + (names.length == 0 ? "none" : String.join(", ", names))
              + ".");
    }
  }
}
