package dev.weir.link;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.message.Batch;
import dev.weir.message.Dictionary;
import dev.weir.proto.DictionaryAnswer;
import dev.weir.proto.DictionaryHint;
import dev.weir.proto.DictionaryPublication;
import dev.weir.proto.DictionaryVerdict;
import dev.weir.proto.Request;
import dev.weir.proto.Welcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a sender tells one core after another about dictionaries, and what it makes of the answers.
///
/// A frame carries its dictionary with it, so there is always something to publish. Before the
/// first frame that needs one, the dictionary is named by its hash; a core that does not know it
/// refuses the frame and is sent the content; one that does not take that either gets the frames
/// without the dictionary, compressed again. So frames always arrive, whatever core they meet.
///
/// ```
///            named        nack UNKNOWN_DICTIONARY          again, or refused
///  (nothing) ───▶ NAMED ─────────────────────────▶ PUBLISHED ───────────────▶ REFUSED
///                                                  ▲ offered before use        frames go without it
/// ```
///
/// Owned by the link's duty thread; the state begins anew with each session.
final class SenderDictionaries {
  private static final Logger LOG = LoggerFactory.getLogger(SenderDictionaries.class);

  /// More than a spool's classes of data have; beyond it all are named again, which costs bytes.
  private static final int MAX_KNOWN = 256;

  /// Offers that wait for a session and an answer; the oldest gives way.
  private static final int MAX_OFFERS = 16;

  /// One a lane and dictionary is to be expected.
  private static final int MAX_LATE_NACKS = 1024;

  private enum State {
    NAMED,
    PUBLISHED,
    REFUSED
  }

  /// A dictionary that its owner wants to use.
  private record Offer(Dictionary dictionary, String dataClass) {}

  private final Map<Integer, State> states = new HashMap<>();
  private final Map<Integer, Offer> offers = new LinkedHashMap<>();
  private final LinkCounters counters;
  private final DictionaryListener listener;
  private @Nullable LaneFrame whole;
  private @Nullable LaneFrame recoded;
  private boolean hasNews;
  private int lateNacks;

  SenderDictionaries(LinkCounters counters, DictionaryListener listener) {
    this.counters = counters;
    this.listener = listener;
  }

  /// A session begins.
  void resume(Welcome welcome) {
    states.clear();
    lateNacks = 0;
    hasNews = !offers.isEmpty();
    List<DictionaryOffer> hints = new ArrayList<>();
    for (DictionaryHint hint : welcome.getDictionariesList()) {
      hints.add(
          new DictionaryOffer(
              hint.getId(),
              FrameCodec.unwrap(hint.getSha256()),
              hint.getDataClass(),
              hint.getBytes()));
    }
    if (!hints.isEmpty()) {
      listener.offered(hints);
    }
  }

  /// The owner wants to use a dictionary.
  void offer(Dictionary dictionary, String dataClass) {
    if (offers.size() >= MAX_OFFERS) {
      offers.remove(offers.keySet().iterator().next());
    }
    offers.put(dictionary.id(), new Offer(dictionary, dataClass));
    hasNews = true;
  }

  /// Whether there is something to publish that this core was not sent yet.
  boolean hasNews() {
    return hasNews;
  }

  /// Publishes what waits.
  void publishOffers(LinkSession session) {
    hasNews = false;
    for (Offer offer : offers.values()) {
      publish(session, offer.dictionary(), offer.dataClass());
    }
  }

  /// The frame as this core takes it.
  @SuppressWarnings("ReferenceEquality") // the same frame, looked at again
  @Nullable LaneFrame fit(@Nullable LaneFrame frame) {
    Batch batch = frame == null ? null : frame.batch();
    if (frame == null || batch == null || states.get(batch.dictionaryId()) != State.REFUSED) {
      return frame;
    }
    LaneFrame known = recoded;
    if (whole == frame && known != null) {
      return known;
    }
    whole = frame;
    recoded = new LaneFrame(frame.sequence(), withoutDictionary(frame.sequence(), batch));
    counters.recodedFrames++;
    return recoded;
  }

  /// Null when it does not decode: the frame is then passed over as one that cannot be read.
  private static @Nullable Batch withoutDictionary(long sequence, Batch batch) {
    try {
      return batch.withoutDictionary();
    } catch (WeirException e) {
      LOG.error("frame {} does not decode: {}", sequence, e.getMessage());
      return null;
    }
  }

  /// Names the dictionary of a frame that is about to be sent, once a session.
  void name(LinkSession session, LaneFrame frame) {
    Optional<Dictionary> dictionary =
        frame.batch() == null ? Optional.empty() : frame.batch().dictionary();
    if (dictionary.isEmpty() || states.containsKey(dictionary.get().id())) {
      return;
    }
    set(dictionary.get().id(), State.NAMED);
    session.send(request(named(dictionary.get().id(), dictionary.get().sha256())));
  }

  /// The core does not know the dictionary of a frame: it is sent, or else given up.
  ///
  /// @param frame as the lane has it
  /// @return false when sending it again would lead nowhere: it needs none, or the core wants what
  ///   it refused
  boolean onUnknown(LinkSession session, @Nullable LaneFrame frame) {
    Optional<Dictionary> dictionary =
        frame == null || frame.batch() == null ? Optional.empty() : frame.batch().dictionary();
    if (dictionary.isEmpty()) {
      return false;
    }
    State state = states.get(dictionary.get().id());
    if (state == State.REFUSED) {
      lateNacks++; // For what was sent before the refusal was known.
    } else if (state == State.PUBLISHED) {
      set(dictionary.get().id(), State.REFUSED);
    } else {
      publish(session, dictionary.get(), "");
    }
    return lateNacks <= MAX_LATE_NACKS;
  }

  private void publish(LinkSession session, Dictionary dictionary, String dataClass) {
    set(dictionary.id(), State.PUBLISHED);
    counters.publishedDictionaries++;
    session.send(
        request(
            named(dictionary.id(), dictionary.sha256())
                .setContent(FrameCodec.wrap(dictionary.bytes()))
                .setDataClass(dataClass)));
  }

  /// Asks for what another sender trained.
  void fetch(LinkSession session, DictionaryOffer offer) {
    session.send(request(named(offer.id(), offer.sha256()).setIsWanted(true)));
  }

  /// The core's word on one that it was sent, named or asked for.
  void onAnswer(DictionaryAnswer answer) {
    if (answer.getVerdict() == DictionaryVerdict.DICTIONARY_VERDICT_ACCEPTED) {
      onAccepted(answer);
    } else if (answer.getVerdict() == DictionaryVerdict.DICTIONARY_VERDICT_REFUSED) {
      onRefused(answer);
    }
  }

  private void onAccepted(DictionaryAnswer answer) {
    if (!answer.getContent().isEmpty()) {
      listener.fetched(Dictionary.of(Bytes.wrap(answer.getContent().toByteArray())));
      return;
    }
    Offer offer = takeOffer(answer);
    if (offer != null) {
      listener.accepted(offer.dictionary());
    }
  }

  private void onRefused(DictionaryAnswer answer) {
    LOG.warn("the core does not take dictionary {}: {}", answer.getId(), answer.getDetail());
    if (states.containsKey(answer.getId())) {
      set(answer.getId(), State.REFUSED);
    }
    Offer offer = takeOffer(answer);
    if (offer != null) {
      listener.refused(offer.dictionary(), answer.getDetail());
    }
  }

  private @Nullable Offer takeOffer(DictionaryAnswer answer) {
    Offer offer = offers.get(answer.getId());
    boolean isMeant =
        offer != null
            && offer.dictionary().sha256().equals(FrameCodec.unwrap(answer.getSha256()))
            && states.get(answer.getId()) != State.NAMED;
    return isMeant ? offers.remove(answer.getId()) : null;
  }

  private void set(int id, State state) {
    if (states.size() >= MAX_KNOWN && !states.containsKey(id)) {
      states.clear();
    }
    states.put(id, state);
  }

  private static DictionaryPublication.Builder named(int id, Bytes sha256) {
    return DictionaryPublication.newBuilder().setId(id).setSha256(FrameCodec.wrap(sha256));
  }

  private static Request request(DictionaryPublication.Builder publication) {
    return Request.newBuilder().setVersion(FrameCodec.VERSION).setDictionary(publication).build();
  }
}
