package dev.weir.kv;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The bodies of the service's messages, version 1. Big-endian:
///
/// ```
///  request   version u8 | op u8 | bucketLen u8 | bucket | keyLen u16 | key | what the op adds
///    1 get        revision u64
///    2 put        expected i64 | ttl i64 ms | value
///    3 delete     expected i64
///    4 history
///    5 keys       max u16 | after                   key is the prefix
///    6 configure  history u16 | ttl u64 ms          no key
///    7 watch      after i64                         key is the prefix
///  answer    version u8 | kind u8 | what the kind adds
///    1 stored     revision u64 | durability u8 | commit u32 us
///    2 conflict   revision u64
///    3 absent
///    4 entry      ENTRY
///    5 heads      (HEAD)…
///    6 forgotten  revision u64                      watch only
///    7 synced     revision u64                      watch only
///  HEAD      kind u8 | revision u64 | written u64 ms | expires u64 ms | valueLen u32 | keyLen u16 | key
///  ENTRY     HEAD | value
/// ```
///
/// A later version may add bytes behind what is fixed here, never change it.
final class KvCodec {
  static final int VERSION = 1;

  private KvCodec() {}

  /// The kinds of answers.
  enum Answer {
    NONE,
    STORED,
    CONFLICT,
    ABSENT,
    ENTRY,
    HEADS,
    FORGOTTEN,
    SYNCED;

    private static final Answer[] BY_CODE = values();
  }

  static void encode(KvRequest request, ByteBuf out) {
    out.writeByte(VERSION).writeByte(code(request));
    byte[] name = request.bucket().getBytes(StandardCharsets.UTF_8);
    out.writeByte(name.length).writeBytes(name);
    out.writeShort(request.key().length());
    write(out, request.key());
    switch (request) {
      case KvRequest.Get get -> out.writeLong(get.revision());
      case KvRequest.Put put -> {
        out.writeLong(put.expected()).writeLong(put.ttlMillis());
        write(out, put.value());
      }
      case KvRequest.Delete delete -> out.writeLong(delete.expected());
      case KvRequest.History _ -> {}
      case KvRequest.Keys keys -> {
        out.writeShort(keys.max());
        write(out, keys.after());
      }
      case KvRequest.Configure(String _, BucketConfig config) ->
          out.writeShort(config.history()).writeLong(config.ttl().toMillis());
      case KvRequest.Watch watch -> out.writeLong(watch.afterRevision());
    }
  }

  private static int code(KvRequest request) {
    return switch (request) {
      case KvRequest.Get _ -> 1;
      case KvRequest.Put _ -> 2;
      case KvRequest.Delete _ -> 3;
      case KvRequest.History _ -> 4;
      case KvRequest.Keys _ -> 5;
      case KvRequest.Configure _ -> 6;
      case KvRequest.Watch _ -> 7;
    };
  }

  private static void write(ByteBuf out, Bytes bytes) {
    out.writeBytes(bytes.array(), bytes.arrayOffset(), bytes.length());
  }

  /// Reads a request; what it holds are copies.
  ///
  /// @throws WeirException UNSUPPORTED_VERSION or MALFORMED
  static KvRequest decodeRequest(ByteBuf buffer, int index, int length) {
    ByteBuf in = buffer.slice(index, length);
    try {
      checkVersion(in.readUnsignedByte());
      int op = in.readUnsignedByte();
      String bucket = bytes(in, in.readUnsignedByte()).utf8();
      Bytes key = bytes(in, in.readUnsignedShort());
      return switch (op) {
        case 1 -> new KvRequest.Get(bucket, key, in.readLong());
        case 2 -> {
          long expected = in.readLong();
          long ttl = in.readLong();
          yield new KvRequest.Put(bucket, key, bytes(in, in.readableBytes()), expected, ttl);
        }
        case 3 -> new KvRequest.Delete(bucket, key, in.readLong());
        case 4 -> new KvRequest.History(bucket, key);
        case 5 -> {
          int max = in.readUnsignedShort();
          yield new KvRequest.Keys(bucket, key, bytes(in, in.readableBytes()), max);
        }
        case 6 -> {
          int history = in.readUnsignedShort();
          Duration ttl = Duration.ofMillis(in.readLong());
          yield new KvRequest.Configure(bucket, new BucketConfig(history, ttl));
        }
        case 7 -> new KvRequest.Watch(bucket, key, in.readLong());
        default ->
            throw new WeirException(ErrorCode.MALFORMED, "Operation " + op + " is not known.");
      };
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new WeirException(
          ErrorCode.MALFORMED, "A request of " + length + " bytes: " + e.getMessage(), e);
    }
  }

  private static void checkVersion(int version) {
    if (version != VERSION) {
      throw new WeirException(
          ErrorCode.UNSUPPORTED_VERSION, "Version " + version + ", expected " + VERSION + ".");
    }
  }

  private static Bytes bytes(ByteBuf in, int length) {
    if (length < 0 || length > in.readableBytes()) {
      throw new IndexOutOfBoundsException(length + " of " + in.readableBytes() + " bytes");
    }
    byte[] copy = new byte[length];
    in.readBytes(copy);
    return Bytes.wrap(copy);
  }

  static void encode(WriteResult result, ByteBuf out) {
    switch (result) {
      case WriteResult.Stored(KvReceipt receipt) ->
          begin(out, Answer.STORED)
              .writeLong(receipt.revision())
              .writeByte(durabilityCode(receipt.durability()))
              .writeInt((int) Math.min(receipt.commitMicros(), 0xffff_ffffL));
      case WriteResult.Conflict(long revision) -> begin(out, Answer.CONFLICT).writeLong(revision);
      case WriteResult.Absent() -> begin(out, Answer.ABSENT);
    }
  }

  private static int durabilityCode(KvReceipt.Durability durability) {
    return switch (durability) {
      case RECEIVED -> 0;
      case DURABLE -> 1;
      case REPLICATED -> 2;
    };
  }

  private static KvReceipt.Durability durability(int code) {
    return switch (code) {
      case 1 -> KvReceipt.Durability.DURABLE;
      case 2 -> KvReceipt.Durability.REPLICATED;
      default -> KvReceipt.Durability.RECEIVED;
    };
  }

  @SuppressWarnings("EnumOrdinal") // The order is that of the picture; a test holds every number.
  private static ByteBuf begin(ByteBuf out, Answer kind) {
    return out.writeByte(VERSION).writeByte(kind.ordinal());
  }

  static void encode(Optional<KvEntry> entry, ByteBuf out) {
    if (entry.isEmpty()) {
      begin(out, Answer.ABSENT);
      return;
    }
    begin(out, Answer.ENTRY);
    KvEntry e = entry.get();
    int bytes = e.value().length();
    write(
        out,
        new KvHead(e.key(), e.revision(), e.kind(), e.writtenMillis(), e.expiresMillis(), bytes));
    write(out, e.value());
  }

  static void encode(List<KvHead> heads, ByteBuf out) {
    begin(out, Answer.HEADS);
    heads.forEach(head -> write(out, head));
  }

  private static void write(ByteBuf out, KvHead head) {
    out.writeByte(head.kind().code()).writeLong(head.revision());
    out.writeLong(head.writtenMillis()).writeLong(head.expiresMillis());
    out.writeInt(head.valueBytes()).writeShort(head.key().length());
    write(out, head.key());
  }

  static void encode(KvEvent event, ByteBuf out) {
    switch (event) {
      case KvEvent.Change(KvEntry entry) -> encode(Optional.of(entry), out);
      case KvEvent.Forgotten(long revision) -> begin(out, Answer.FORGOTTEN).writeLong(revision);
      case KvEvent.Synced(long revision) -> begin(out, Answer.SYNCED).writeLong(revision);
    }
  }

  /// Positions a slice behind the kind of an answer.
  private static Answer kind(ByteBuf in) {
    checkVersion(in.readUnsignedByte());
    int code = in.readUnsignedByte();
    return code < Answer.BY_CODE.length ? Answer.BY_CODE[code] : Answer.NONE;
  }

  /// @throws WeirException UNSUPPORTED_VERSION or MALFORMED
  static WriteResult decodeResult(ByteBuf in) {
    return decode(
        in,
        kind ->
            switch (kind) {
              case STORED -> {
                long revision = in.readLong();
                KvReceipt.Durability durability = durability(in.readByte());
                yield new WriteResult.Stored(
                    new KvReceipt(revision, durability, in.readUnsignedInt()));
              }
              case CONFLICT -> new WriteResult.Conflict(in.readLong());
              case ABSENT -> new WriteResult.Absent();
              case NONE, ENTRY, HEADS, FORGOTTEN, SYNCED -> throw unexpected(kind);
            });
  }

  static Optional<KvEntry> decodeEntry(ByteBuf in) {
    return decode(
        in,
        kind ->
            switch (kind) {
              case ENTRY -> Optional.of(readEntry(in));
              case ABSENT -> Optional.empty();
              case NONE, STORED, CONFLICT, HEADS, FORGOTTEN, SYNCED -> throw unexpected(kind);
            });
  }

  static List<KvHead> decodeHeads(ByteBuf in) {
    return decode(
        in,
        kind -> {
          if (kind != Answer.HEADS) {
            throw unexpected(kind);
          }
          List<KvHead> heads = new ArrayList<>();
          while (in.isReadable()) {
            heads.add(readHead(in));
          }
          return heads;
        });
  }

  static KvEvent decodeEvent(ByteBuf in) {
    return decode(
        in,
        kind ->
            switch (kind) {
              case ENTRY -> new KvEvent.Change(readEntry(in));
              case FORGOTTEN -> new KvEvent.Forgotten(in.readLong());
              case SYNCED -> new KvEvent.Synced(in.readLong());
              case NONE, STORED, CONFLICT, ABSENT, HEADS -> throw unexpected(kind);
            });
  }

  private static <T> T decode(ByteBuf in, java.util.function.Function<Answer, T> reader) {
    try {
      return reader.apply(kind(in));
    } catch (IndexOutOfBoundsException e) {
      throw new WeirException(ErrorCode.MALFORMED, "An answer ends too early.", e);
    }
  }

  private static WeirException unexpected(Answer kind) {
    return new WeirException(ErrorCode.MALFORMED, "An answer of kind " + kind + " came.");
  }

  private static KvHead readHead(ByteBuf in) {
    int code = in.readByte();
    KvKind kind =
        KvKind.of(code)
            .orElseThrow(() -> new WeirException(ErrorCode.MALFORMED, "Kind " + code + "."));
    long revision = in.readLong();
    long written = in.readLong();
    long expires = in.readLong();
    int valueBytes = in.readInt();
    return new KvHead(
        bytes(in, in.readUnsignedShort()), revision, kind, written, expires, valueBytes);
  }

  private static KvEntry readEntry(ByteBuf in) {
    KvHead head = readHead(in);
    return new KvEntry(
        head.key(),
        head.revision(),
        head.kind(),
        head.writtenMillis(),
        head.expiresMillis(),
        bytes(in, head.valueBytes()));
  }
}
