package dev.weir.bench.data;

import dev.weir.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// Log lines of several programs, each from a handful of templates with varying fields: the shape
/// of the public log collections. The first line begins with the message's number in 16 hex digits.
final class LogBodies implements BodyMaker {
  private static final int NUMBER_DIGITS = 16;
  private static final long FIRST_SECOND = 1_760_000_000L;

  /// `%n` stands for a number, `%h` for hex digits, `%a` for an address, `%p` for a path.
  private static final List<String> TEMPLATES =
      List.of(
          "INFO store.BlockKeeper: stored block blk_%n of %n bytes from /%a:%n",
          "INFO store.BlockKeeper: serving block blk_%n to /%a",
          "WARN store.Replicas: block blk_%n has %n copies, wants 3; asked /%a:%n",
          "login[%n]: accepted key for deploy from %a port %n, fingerprint SHA256:%h%h",
          "login[%n]: refused password for unknown user admin%n from %a port %n",
          "login[%n]: session %n of user deploy closed after %n s",
          "%a - - \"GET %p HTTP/1.1\" 200 %n %n \"agent/7.%n\"",
          "%a - - \"POST %p HTTP/1.1\" 201 %n %n \"agent/7.%n\"",
          "%a - - \"GET %p HTTP/1.1\" 404 %n %n \"crawler/2.%n\"",
          "{\"level\":\"info\",\"pod\":\"api-%h\",\"event\":\"request\",\"path\":\"%p\",\"ms\":%n,"
              + "\"trace\":\"%h%h\"}",
          "{\"level\":\"error\",\"pod\":\"worker-%h\",\"event\":\"retry\",\"attempt\":%n,"
              + "\"after_ms\":%n,\"trace\":\"%h%h\"}");

  private static final List<String> PATHS =
      List.of("/api/orders", "/api/orders/items", "/static/app.js", "/health", "/api/users/me");

  private long lines;

  @Override
  public byte[] make(int sizeBytes, RandomGenerator random) {
    StringBuilder body = new StringBuilder(sizeBytes + 256).append("0".repeat(NUMBER_DIGITS));
    while (body.length() < sizeBytes) {
      // Programs write in bursts: a line is likely to be like the one before.
      String template = TEMPLATES.get((int) Math.abs(random.nextGaussian() * 3) % TEMPLATES.size());
      lines++;
      body.append(' ').append(FIRST_SECOND + lines / 40).append('.').append(random.nextInt(1000));
      body.append(' ');
      fill(body, template, random);
      body.append('\n');
    }
    return body.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void fill(StringBuilder body, String template, RandomGenerator random) {
    boolean isField = false;
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      if (isField) {
        field(body, c, random);
      } else if (c != '%') {
        body.append(c);
      }
      isField = !isField && c == '%';
    }
  }

  private static void field(StringBuilder body, char kind, RandomGenerator random) {
    switch (kind) {
      case 'n' -> body.append(random.nextInt(1 << random.nextInt(4, 20)));
      case 'h' -> body.append(String.format(Locale.ROOT, "%08x", random.nextInt()));
      case 'a' -> {
        body.append("10.").append(random.nextInt(4)).append('.');
        body.append(random.nextInt(256)).append('.').append(random.nextInt(256));
      }
      default -> body.append(PATHS.get(random.nextInt(PATHS.size())));
    }
  }

  @Override
  public void number(byte[] body, long number) {
    byte[] digits = HexFormat.of().toHexDigits(number).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, body, 0, NUMBER_DIGITS);
  }

  @Override
  public long number(Bytes body) {
    if (body.length() < NUMBER_DIGITS) {
      return -1;
    }
    String digits = body.slice(0, NUMBER_DIGITS).utf8();
    return digits.chars().allMatch(HexFormat::isHexDigit)
        ? HexFormat.fromHexDigitsToLong(digits)
        : -1;
  }
}
