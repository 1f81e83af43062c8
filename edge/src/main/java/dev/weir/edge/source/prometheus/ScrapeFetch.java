package dev.weir.edge.source.prometheus;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.InFlightBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/// Fetches pages of targets, within a time and a size. Any thread; a call blocks.
final class ScrapeFetch {
  /// 0.0.4 first, since that is what is stored.
  private static final String ACCEPT =
      "text/plain;version=0.0.4;q=1,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1";

  private final HttpClient client;
  private final Duration timeout;
  private final ByteSize maxBody;

  ScrapeFetch(HttpClient client, Duration timeout, ByteSize maxBody) {
    this.client = client;
    this.timeout = timeout;
    this.maxBody = maxBody;
  }

  /// A page as it came.
  record Page(Bytes text, boolean isOpenMetrics) {}

  /// Fetches one page.
  ///
  /// @param reservation grows with what is held; the caller gives it back
  /// @throws WeirException with TIMED_OUT, UNREACHABLE, TOO_LARGE, OVERLOADED or MALFORMED
  Page get(URI target, InFlightBytes.Reservation reservation) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .header("Accept", ACCEPT)
            .header("Accept-Encoding", "gzip")
            .header("User-Agent", "weir-edge")
            .header(
                "X-Prometheus-Scrape-Timeout-Seconds", Double.toString(timeout.toMillis() / 1e3))
            .build();
    HttpResponse<Bytes> answer = await(request, reservation);
    if (answer.statusCode() != 200) {
      throw new WeirException(
          ErrorCode.UNREACHABLE, "The target answered with status " + answer.statusCode() + ".");
    }
    boolean isGzip =
        answer.headers().firstValue("Content-Encoding").orElse("").equalsIgnoreCase("gzip");
    boolean isOpenMetrics =
        answer
            .headers()
            .firstValue("Content-Type")
            .orElse("")
            .startsWith("application/openmetrics-text");
    return new Page(isGzip ? unzipped(answer.body(), reservation) : answer.body(), isOpenMetrics);
  }

  private HttpResponse<Bytes> await(HttpRequest request, InFlightBytes.Reservation reservation)
      throws InterruptedException {
    CompletableFuture<HttpResponse<Bytes>> answer =
        client.sendAsync(request, _ -> new BoundedBody(maxBody, reservation));
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new WeirException(
          ErrorCode.TIMED_OUT, "The target did not answer in " + timeout.toMillis() + " ms.", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof WeirException refusal
          ? refusal
          : new WeirException(ErrorCode.UNREACHABLE, String.valueOf(e.getCause()), e);
    } finally {
      answer.cancel(true); // Ends the exchange when it has not come to its end.
    }
  }

  private Bytes unzipped(Bytes packed, InFlightBytes.Reservation reservation) {
    int limit = maxBody.intBytes();
    reservation.grow(limit);
    byte[] text;
    try (InputStream in =
        new GZIPInputStream(
            new ByteArrayInputStream(packed.array(), packed.arrayOffset(), packed.length()))) {
      text = in.readNBytes(limit + 1);
    } catch (IOException e) {
      throw new WeirException(ErrorCode.MALFORMED, "The answer is not gzip.", e);
    }
    if (text.length > limit) {
      throw new WeirException(ErrorCode.TOO_LARGE, "The answer is larger than " + maxBody + ".");
    }
    reservation.shrinkTo(packed.length() + text.length);
    return Bytes.wrap(text);
  }
}
