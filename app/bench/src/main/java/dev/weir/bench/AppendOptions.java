package dev.weir.bench;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import java.nio.file.Path;
import java.util.List;

/// What `weir bench append` measures.
///
/// @param directory where the log and fio's file are written; on the disk to be judged
/// @param writeSizes payload bytes of one append, each 1 KiB to 4 MiB
/// @param runs how often each is measured, alternately with fio, 1 to 50
/// @param seconds how long one run lasts, 1 to 600
public record AppendOptions(Path directory, List<ByteSize> writeSizes, int runs, int seconds) {
  public AppendOptions {
    writeSizes = List.copyOf(writeSizes);
    writeSizes.forEach(size -> Checks.range("write size", size.bytes(), 1 << 10, 4 << 20));
    Checks.range("runs", runs, 1, 50);
    Checks.range("seconds", seconds, 1, 600);
  }
}
