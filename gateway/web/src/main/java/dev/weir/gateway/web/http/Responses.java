package dev.weir.gateway.web.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/// Answers as Netty writes them.
public final class Responses {
  private Responses() {}

  /// @param isHead whether the body is left out, as HEAD asks
  /// @param isKeptAlive whether the connection goes on
  public static FullHttpResponse of(WebAnswer answer, boolean isHead, boolean isKeptAlive) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body().buffer()));
    if (!answer.contentType().isEmpty()) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
    }
    if (answer.status() != HttpResponseStatus.NO_CONTENT.code()) {
      response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length());
    }
    response
        .headers()
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff");
    answer.headers().forEach(response.headers()::set);
    HttpUtil.setKeepAlive(response, isKeptAlive);
    return response;
  }
}
