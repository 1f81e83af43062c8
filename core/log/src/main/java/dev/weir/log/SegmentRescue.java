package dev.weir.log;

import dev.weir.base.disk.Disk;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Copies the readable frames of the newest segment to a fresh one, when recovery could not make
/// them durable where they are: a place of the disk that does not take writes must not keep the log
/// from starting. The old file is then one that the new one does not follow from, begun at the same
/// offset, and the next start removes it.
final class SegmentRescue {
  private final LogConfig config;
  private final Disk disk;
  private final GroupBuffer buffer = new GroupBuffer();

  SegmentRescue(LogConfig config, Disk disk) {
    this.config = config;
    this.disk = disk;
  }

  /// @param source the damaged segment's frames
  /// @param header the header that the copy gets
  /// @param end where the source's frames end
  /// @return the fresh segment, durable
  Segment copy(FrameScan source, SegmentHeader header, long end) throws IOException {
    Segment target =
        new Segment(
            disk, config.directory(), new SegmentName(header.number(), header.baseOffset()));
    fill(source, header, end);
    Path spare = config.directory().resolve(SegmentName.spareName(header.number()));
    disk.delete(spare);
    try (DiskFile file = disk.create(spare)) {
      file.write(new ByteBuffer[] {buffer.content()}, 0);
      file.force();
    }
    disk.rename(spare, target.path());
    disk.forceDirectory(config.directory());
    return target;
  }

  private void fill(FrameScan source, SegmentHeader header, long end) throws IOException {
    FrameCodec codec = new FrameCodec(header.log(), header.number());
    var _ = buffer.clear(0);
    header.encode(buffer.withRoom(Layout.SEGMENT_HEADER_BYTES));
    long at = source.nextFrame(Layout.SEGMENT_HEADER_BYTES);
    while (at >= 0 && at < end) {
      @Nullable FrameHeader frame = source.headerAt(at);
      if (frame == null || frame.type() == FrameType.SEAL) {
        break;
      }
      put(codec, frame, source.body(frame, at));
      at = source.nextFrame(at + frame.frameBytes());
    }
  }

  /// All of it is one group.
  private void put(FrameCodec codec, FrameHeader frame, byte[] body) {
    ByteBuffer target = buffer.withRoom(frame.frameBytes());
    int position = target.position();
    codec.encode(frame.inGroup(position), position, target);
    target.put(body);
    while (target.position() < position + frame.frameBytes()) {
      target.put((byte) 0);
    }
  }
}
