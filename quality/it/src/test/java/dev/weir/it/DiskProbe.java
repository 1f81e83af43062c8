package dev.weir.it;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Scanner;

/// A process that does to a file what it is told on its standard input, through the same JDK calls
/// as the log, and says what came of it: `write AT TEXT`, `gather AT TEXT TEXT`, `force`, `read AT
/// LENGTH`. One line in, one line out.
final class DiskProbe {
  private DiskProbe() {}

  static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (FileChannel file =
            FileChannel.open(
                Path.of(arguments[0]),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        Scanner in = new Scanner(System.in, StandardCharsets.UTF_8)) {
      out.println("open");
      while (in.hasNextLine()) {
        out.println(answer(file, in.nextLine().split(" ", -1)));
      }
    }
  }

  private static String answer(FileChannel file, String[] words) {
    try {
      return switch (words[0]) {
        case "write" -> "wrote " + file.write(bytes(words[2]), Long.parseLong(words[1]));
        case "gather" -> {
          file.position(Long.parseLong(words[1]));
          yield "wrote " + file.write(new ByteBuffer[] {bytes(words[2]), bytes(words[3])});
        }
        case "force" -> {
          file.force(false);
          yield "forced";
        }
        case "read" -> {
          ByteBuffer target = ByteBuffer.allocate(Integer.parseInt(words[2]));
          int length = file.read(target, Long.parseLong(words[1]));
          String text = new String(target.array(), 0, Math.max(0, length), StandardCharsets.UTF_8);
          yield "read " + text.replace('\0', '.');
        }
        default -> "unknown " + words[0];
      };
    } catch (IOException e) {
      return "failed: " + e.getMessage();
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
