package dev.weir.bench.rtt;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/// Jetty with its default windows: reads a request's body, answers with its length. HTTP/1.1 and
/// HTTP/2 without TLS on one port.
final class HttpUploads implements AutoCloseable {
  private final Server server = new Server();
  private final ServerConnector connector;

  HttpUploads(String host) {
    HttpConfiguration configuration = new HttpConfiguration();
    connector =
        new ServerConnector(
            server,
            new HttpConnectionFactory(configuration),
            new HTTP2CServerConnectionFactory(configuration));
    connector.setHost(host);
    server.addConnector(connector);
    server.setHandler(new Counting());
  }

  /// The port on which it listens.
  int start() throws IOException {
    try {
      server.start();
    } catch (Exception e) {
      throw new IOException("Jetty did not start", e);
    }
    return connector.getLocalPort();
  }

  private static final class Counting extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws IOException {
      long length = Math.max(0, request.getLength());
      Content.Source.consumeAll(request);
      response.write(true, ByteBuffer.wrap(Upload.answer((int) length)), callback);
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("Jetty did not stop", e);
    }
  }
}
