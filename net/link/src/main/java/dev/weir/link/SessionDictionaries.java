package dev.weir.link;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.flow.ReceiverEvent;
import dev.weir.message.Dictionary;
import dev.weir.message.DictionaryLookup;
import dev.weir.proto.DictionaryAnswer;
import dev.weir.proto.DictionaryPublication;
import dev.weir.proto.DictionaryVerdict;
import dev.weir.proto.Response;
import io.netty.util.concurrent.EventExecutor;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The dictionaries that a session's frames may name: those whose content the sender has shown to
/// know, by its hash or by sending it. A number alone is not enough: another sender's dictionary of
/// the same id would turn good frames into refused ones.
///
/// A published dictionary may be named by the very next frame: the batch carries it, and the log
/// puts it in front of the batch. The answer waits until it is durable by itself.
///
/// Owned by the session's event loop.
final class SessionDictionaries implements DictionaryLookup {
  /// What one session may make the core hold beside the shelf that all share: some forty of the
  /// default size. The least used are forgotten; their sender publishes them again.
  static final long MAX_BYTES = 4L << 20;

  private static final int MAX_CLASS_BYTES = 255;
  private static final int MAX_REFUSED_IN_A_ROW = 3;

  private final ServerContext context;
  private final FramedSession session;
  private final Outbound out;
  private final EventExecutor loop;
  private final Map<Integer, Dictionary> known = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;
  private int refusedInARow;

  SessionDictionaries(
      ServerContext context, FramedSession session, Outbound out, EventExecutor loop) {
    this.context = context;
    this.session = session;
    this.out = out;
    this.loop = loop;
  }

  @Override
  public Optional<Dictionary> find(int id) {
    return Optional.ofNullable(known.get(id));
  }

  /// The sender names or publishes one.
  void on(DictionaryPublication publication, String agent) {
    if (publication.getContent().isEmpty()) {
      onNamed(publication);
      return;
    }
    try {
      Dictionary dictionary = judge(publication, agent);
      session.step(
          ReceiverEvent.DICTIONARY_OFFERED, () -> store(dictionary, publication.getDataClass()));
    } catch (WeirException e) {
      refuse(publication, e);
    }
  }

  /// Whether the sender publishes so much nonsense that talking on is pointless.
  boolean isHopeless() {
    return refusedInARow >= MAX_REFUSED_IN_A_ROW;
  }

  private void onNamed(DictionaryPublication publication) {
    Bytes sha256 = FrameCodec.unwrap(publication.getSha256());
    Optional<Dictionary> found =
        find(publication.getId())
            .or(() -> context.store().dictionaries().find(publication.getId()))
            .filter(dictionary -> dictionary.sha256().equals(sha256));
    boolean isSent = publication.getIsWanted() && out.isReady();
    DictionaryAnswer.Builder answer = answer(publication.getId(), sha256);
    if (found.isPresent() && (isSent || !publication.getIsWanted())) {
      put(found.get());
      answer.setVerdict(DictionaryVerdict.DICTIONARY_VERDICT_ACCEPTED);
      if (isSent) {
        answer.setContent(FrameCodec.wrap(found.get().bytes()));
      }
    } else {
      answer.setVerdict(DictionaryVerdict.DICTIONARY_VERDICT_UNKNOWN);
    }
    send(answer);
  }

  private Dictionary judge(DictionaryPublication publication, String agent) {
    Dictionary dictionary = Dictionary.of(Bytes.wrap(publication.getContent().toByteArray()));
    boolean isNamedRight =
        dictionary.id() == publication.getId()
            && dictionary.sha256().equals(FrameCodec.unwrap(publication.getSha256()));
    if (!isNamedRight || publication.getDataClass().length() > MAX_CLASS_BYTES / 3) {
      throw new WeirException(
          ErrorCode.MALFORMED, "A published dictionary is not the one that it is said to be.");
    }
    if (!context.quota().admit(agent)) {
      throw new WeirException(
          ErrorCode.DICTIONARY_REFUSED,
          "An agent may publish "
              + DictionaryQuota.BURST
              + " dictionaries, then one each "
              + DictionaryQuota.REFILL.toMinutes()
              + " minutes.");
    }
    return dictionary;
  }

  private void store(Dictionary dictionary, String dataClass) {
    CompletableFuture<Void> kept =
        context.store().dictionaries().keep(dictionary, dataClass).toCompletableFuture();
    if (!kept.isCompletedExceptionally()) {
      put(dictionary);
    }
    CompletableFuture<Void> _ =
        kept.whenComplete((_, failure) ->
            Loops.execute(
                loop,
                () -> {
                  if (failure == null) {
                    accept(dictionary);
                  } else {
                    refuse(dictionary, LinkStatus.fault(failure));
                  }
                }));
  }

  private void accept(Dictionary dictionary) {
    refusedInARow = 0;
    context.counters().dictionaries.increment();
    send(
        answer(dictionary.id(), dictionary.sha256())
            .setVerdict(DictionaryVerdict.DICTIONARY_VERDICT_ACCEPTED));
  }

  /// The store cannot keep it now; the sender's doing is faultless.
  void refuse(Dictionary dictionary, WeirException cause) {
    forget(dictionary);
    context.counters().refusedDictionaries.increment();
    send(refusal(dictionary.id(), dictionary.sha256(), cause));
  }

  /// The sender publishes what it must not.
  private void refuse(DictionaryPublication publication, WeirException cause) {
    refusedInARow++;
    context.counters().refusedDictionaries.increment();
    send(refusal(publication.getId(), FrameCodec.unwrap(publication.getSha256()), cause));
  }

  private static DictionaryAnswer.Builder refusal(int id, Bytes sha256, WeirException cause) {
    return answer(id, sha256)
        .setVerdict(DictionaryVerdict.DICTIONARY_VERDICT_REFUSED)
        .setDetail(cause.explanation());
  }

  private static DictionaryAnswer.Builder answer(int id, Bytes sha256) {
    return DictionaryAnswer.newBuilder().setId(id).setSha256(FrameCodec.wrap(sha256));
  }

  private void send(DictionaryAnswer.Builder answer) {
    out.send(Response.newBuilder().setDictionaryAccepted(answer), FrameCodec.VERSION);
  }

  private void put(Dictionary dictionary) {
    forget(dictionary);
    known.put(dictionary.id(), dictionary);
    bytes += dictionary.bytes().length();
    Iterator<Dictionary> eldest = known.values().iterator();
    while (bytes > MAX_BYTES) {
      bytes -= eldest.next().bytes().length();
      eldest.remove();
    }
  }

  private void forget(Dictionary dictionary) {
    Dictionary old = known.remove(dictionary.id());
    bytes -= old == null ? 0 : old.bytes().length();
  }
}
