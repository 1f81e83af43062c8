package dev.weir.wire;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// How bodies are compressed on connections that agreed on it ([WireFeatures#ZSTD]): each frame by
/// itself, if it is large enough and becomes smaller by an eighth at least.
///
/// Every event loop has a compressor and a decompressor of its own, about 1 MiB, from its first
/// compressed body to its end.
public final class WireCompression {
  /// Below it zstd finds little, and a call into it costs more than the bytes.
  private static final int THRESHOLD_BYTES = 512;

  /// The fastest level that is not negative: what a loop can do beside its work.
  private static final int LEVEL = 1;

  /// What is to be gained at least, as a fraction of the body.
  private static final int GAIN_DIVISOR = 8;

  private final int thresholdBytes;
  private final int level;
  private final FastThreadLocal<Contexts> contexts =
      new FastThreadLocal<>() {
        @Override
        protected Contexts initialValue() {
          return new Contexts(new ZstdCompressCtx().setLevel(level), new ZstdDecompressCtx());
        }

        @Override
        protected void onRemoval(Contexts ended) {
          ended.compressor().close();
          ended.decompressor().close();
        }
      };

  private record Contexts(ZstdCompressCtx compressor, ZstdDecompressCtx decompressor) {}

  /// From 512 bytes, at level 1.
  public WireCompression() {
    this(new ByteSize(THRESHOLD_BYTES), LEVEL);
  }

  /// @param threshold the smallest body that is compressed, 64 B to 1 MiB
  /// @param level of zstd, 1 to 9; it is the sender's
  public WireCompression(ByteSize threshold, int level) {
    this.thresholdBytes = (int) Checks.range("threshold", threshold.bytes(), 64, 1 << 20);
    this.level = Checks.range("level", level, 1, 9);
  }

  /// Compresses a body of at most a frame.
  ///
  /// @return see [PackedBody], the caller's to release; null when it is not worth it
  @Nullable ByteBuf pack(ByteBuf body, int index, int length, ByteBufAllocator allocator) {
    if (length < thresholdBytes) {
      return null;
    }
    int bound = (int) Zstd.compressBound(length);
    ByteBuf out = allocator.directBuffer(PackedBody.PLAIN_BYTES + bound);
    ByteBuf copy = isReadInPlace(body) ? null : copy(body, index, length, allocator);
    try {
      ByteBuffer source = copy == null ? body.nioBuffer(index, length) : copy.nioBuffer();
      ByteBuffer target = out.nioBuffer(PackedBody.PLAIN_BYTES, bound);
      ZstdCompressCtx compressor = contexts.get().compressor();
      int bytes =
          compressor.compressDirectByteBuffer(
              target, target.position(), bound, source, source.position(), length);
      out.setInt(0, length).writerIndex(PackedBody.PLAIN_BYTES + bytes);
    } catch (RuntimeException e) {
      out.release();
      throw e;
    } finally {
      if (copy != null) {
        copy.release();
      }
    }
    if (out.readableBytes() > length - length / GAIN_DIVISOR) {
      out.release();
      return null;
    }
    return out;
  }

  private static boolean isReadInPlace(ByteBuf body) {
    return body.isDirect() && body.nioBufferCount() == 1;
  }

  private static ByteBuf copy(ByteBuf body, int index, int length, ByteBufAllocator allocator) {
    return allocator.directBuffer(length).writeBytes(body, index, length);
  }

  /// The body of a compressed frame.
  ///
  /// @return the caller's to release; null when it is not what it announces
  @Nullable ByteBuf unpack(FrameView frame, ByteBufAllocator allocator) {
    return unpack(frame.buffer(), frame.bodyIndex(), frame.bodyBytes(), allocator);
  }

  /// Decompresses a [PackedBody] whose announcement was checked.
  @Nullable ByteBuf unpack(ByteBuf packed, int index, int length, ByteBufAllocator allocator) {
    int plain = packed.getInt(index);
    int from = index + PackedBody.PLAIN_BYTES;
    int bytes = length - PackedBody.PLAIN_BYTES;
    ByteBuf copy = isReadInPlace(packed) ? null : copy(packed, from, bytes, allocator);
    ByteBuf out = allocator.directBuffer(plain);
    int done = -1;
    try {
      ByteBuffer source = copy == null ? packed.nioBuffer(from, bytes) : copy.nioBuffer();
      ByteBuffer target = out.nioBuffer(0, plain);
      done =
          contexts
              .get()
              .decompressor()
              .decompressDirectByteBuffer(
                  target, target.position(), plain, source, source.position(), bytes);
    } catch (ZstdException e) {
      // Whatever is wrong with it, it is the sender's doing, and told by null.
    } finally {
      if (copy != null) {
        copy.release();
      }
      if (done != plain) {
        out.release();
      }
    }
    return done == plain ? out.writerIndex(plain) : null;
  }
}
