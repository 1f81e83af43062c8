package dev.weir.wire;

import dev.weir.base.Checks;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which service takes which stream, by the method that its OPEN names: the one place where what an
/// end serves is written down. A method that nobody serves is refused as UNIMPLEMENTED, unless
/// there is a service for all others.
///
/// Immutable; one object may serve any number of connections.
public final class WireServices implements ConnectionHandler {
  /// Serves nothing.
  public static final WireServices NONE = new WireServices(Map.of(), null);

  private final Map<String, WireService> byMethod;
  private final @Nullable WireService others;

  private WireServices(Map<String, WireService> byMethod, @Nullable WireService others) {
    this.byMethod = byMethod;
    this.others = others;
  }

  /// The same with one more service.
  ///
  /// @param method as [OpenRequest#method] names it; not one that is served already
  public WireServices with(String method, WireService service) {
    Map<String, WireService> more = new TreeMap<>(byMethod);
    Checks.argument(more.put(method, service) == null, "'" + method + "' has two services");
    return new WireServices(more, others);
  }

  /// The same with a service for every method that has none of its own: a router's, or that of
  /// generated stubs.
  public WireServices otherwise(WireService service) {
    return new WireServices(byMethod, service);
  }

  /// The methods that have a service of their own.
  public Set<String> methods() {
    return Set.copyOf(byMethod.keySet());
  }

  @Override
  public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
    WireService service = byMethod.get(request.method());
    WireService found = service == null ? others : service;
    return found == null ? Optional.empty() : Optional.of(found.open(stream, request));
  }
}
