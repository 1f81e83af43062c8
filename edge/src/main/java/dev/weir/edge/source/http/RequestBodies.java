package dev.weir.edge.source.http;

import com.sun.net.httpserver.HttpExchange;
import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.InFlightBytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads request bodies within the bounds of a listener. Any thread; a call blocks until the body
/// is there.
public final class RequestBodies {
  private final ByteSize maxBody;
  private final InFlightBytes inFlight;
  private final List<BodyEncoding> encodings;

  /// @param encodings those that are taken, `identity` among them where plain bodies are
  public RequestBodies(HttpLimits limits, List<BodyEncoding> encodings) {
    this.maxBody = limits.maxBody();
    this.inFlight = new InFlightBytes(limits.maxInFlight());
    this.encodings = List.copyOf(encodings);
  }

  /// A body and the memory set aside for it, which is given back with [#close].
  public record Body(Bytes bytes, InFlightBytes.Reservation reservation) implements AutoCloseable {
    @Override
    public void close() {
      reservation.close();
    }
  }

  /// The encoding of a request.
  ///
  /// @throws HttpRefusal with 415 when it is not taken
  public BodyEncoding encoding(HttpExchange exchange) {
    @Nullable String header = exchange.getRequestHeaders().getFirst("Content-Encoding");
    String name = header == null ? BodyEncoding.IDENTITY.name() : header.strip();
    for (BodyEncoding encoding : encodings) {
      if (encoding.name().equalsIgnoreCase(name)) {
        return encoding;
      }
    }
    String names = encodings.stream().map(BodyEncoding::name).collect(Collectors.joining(", "));
    throw HttpRefusal.unsupported(
        "Encoding " + name + " is not taken, only " + names + ".",
        Map.of("Accept-Encoding", names));
  }

  /// Reads and decodes the body.
  ///
  /// @throws WeirException with OVERLOADED before a byte is read, TOO_LARGE or MALFORMED
  public Body read(HttpExchange exchange, BodyEncoding encoding) throws IOException {
    boolean isPlain = encoding.equals(BodyEncoding.IDENTITY);
    InFlightBytes.Reservation reservation =
        inFlight.reserve(isPlain ? announced(exchange) : maxBody.intBytes());
    boolean isRead = false;
    try {
      Bytes body = decoded(exchange, encoding);
      reservation.shrinkTo(body.length());
      isRead = true;
      return new Body(body, reservation);
    } finally {
      if (!isRead) {
        reservation.close();
      }
    }
  }

  /// What the body will take: as announced, else the most that is taken.
  private int announced(HttpExchange exchange) {
    @Nullable String length = exchange.getRequestHeaders().getFirst("Content-Length");
    if (length == null) {
      return maxBody.intBytes();
    }
    long bytes;
    try {
      bytes = Long.parseLong(length.strip());
    } catch (NumberFormatException e) {
      throw new WeirException(
          ErrorCode.MALFORMED, "Content-Length '" + length + "' is not a number.", e);
    }
    if (bytes > maxBody.bytes()) {
      throw tooLarge();
    }
    return (int) Math.max(0, bytes);
  }

  private Bytes decoded(HttpExchange exchange, BodyEncoding encoding) throws IOException {
    int limit = maxBody.intBytes();
    byte[] body;
    try (InputStream raw = exchange.getRequestBody();
        InputStream in = encoding.opener().open(raw)) {
      body = in.readNBytes(limit + 1);
    } catch (IOException e) {
      if (encoding.equals(BodyEncoding.IDENTITY)) {
        throw e; // The client went away.
      }
      throw new WeirException(ErrorCode.MALFORMED, "The body is not " + encoding.name() + ".", e);
    }
    if (body.length > limit) {
      throw tooLarge();
    }
    return Bytes.wrap(body);
  }

  private WeirException tooLarge() {
    return new WeirException(ErrorCode.TOO_LARGE, "The body is larger than " + maxBody + ".");
  }
}
