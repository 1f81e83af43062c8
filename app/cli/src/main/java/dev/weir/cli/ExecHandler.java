package dev.weir.cli;

import dev.weir.base.Bytes;
import dev.weir.client.RequestHandler;
import dev.weir.message.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// Answers a request with what a command prints. The request is its input and part of its
/// environment, never of its text.
///
/// Each of its three streams has a virtual thread while it runs, so that a command which writes
/// before it has read everything does not stand still.
record ExecHandler(String command, Duration limit) implements RequestHandler {
  private static final int SHOWN_BYTES = 500;

  @Override
  public Message handle(Message request) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
    builder.environment().put("WEIR_TOPIC", request.topic());
    builder.environment().put("WEIR_CONTENT_TYPE", request.contentType());
    Process process = builder.start();
    try {
      CompletableFuture<byte[]> out = read(process.getInputStream(), Message.MAX_BODY_BYTES + 1);
      CompletableFuture<byte[]> err = read(process.getErrorStream(), SHOWN_BYTES);
      Thread.ofVirtual().name("weir-reply-input").start(() -> write(process, request.body()));
      if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException("the command ran longer than " + limit.toMillis() + " ms");
      }
      if (process.exitValue() != 0) {
        String said = new String(result(err), StandardCharsets.UTF_8).strip();
        throw new IOException(
            "the command ended with " + process.exitValue() + (said.isEmpty() ? "" : ": " + said));
      }
      return Message.of(request.topic(), Bytes.wrap(result(out)));
    } finally {
      process.destroyForcibly();
    }
  }

  /// What is beyond the limit is read and forgotten, so that the command goes on.
  private static CompletableFuture<byte[]> read(InputStream stream, int maxBytes) {
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("weir-reply-output")
        .start(() -> {
          try {
            byte[] first = stream.readNBytes(maxBytes);
            var _ = stream.transferTo(OutputStream.nullOutputStream());
            read.complete(first);
          } catch (IOException e) {
            read.completeExceptionally(e);
          }
        });
    return read;
  }

  private static byte[] result(CompletableFuture<byte[]> read)
      throws IOException, InterruptedException {
    try {
      return read.get();
    } catch (ExecutionException e) {
      throw new IOException("the command's output cannot be read: " + e.getCause(), e);
    }
  }

  private static void write(Process process, Bytes body) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(body.array(), body.arrayOffset(), body.length());
    } catch (IOException _) {
      // It does not read its input: its own affair.
    }
  }
}
