package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.flow.Backoff;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.BatchSource;
import dev.weir.message.Dictionary;
import dev.weir.message.Encoding;
import dev.weir.message.Message;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

@ParameterizedClass
@ArgumentsSource(Over.Paths.class)
@Over(DirectPath.class)
public class LinkDictionaryTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 0x1234);
  private static final Backoff FAST = new Backoff(1_000_000, 20_000_000);

  private final LinkPath path;
  private final MemoryStore store = new MemoryStore(1_000);
  private final MemoryLane lane = new MemoryLane(0);
  private final Told told = new Told();
  private final List<String> sent = new ArrayList<>();

  private static final class Told implements DictionaryListener {
    private final List<Dictionary> accepted = new CopyOnWriteArrayList<>();
    private final List<Dictionary> refused = new CopyOnWriteArrayList<>();
    private final List<DictionaryOffer> offered = new CopyOnWriteArrayList<>();
    private final List<Dictionary> fetched = new CopyOnWriteArrayList<>();

    @Override
    public void accepted(Dictionary dictionary) {
      accepted.add(dictionary);
    }

    @Override
    public void refused(Dictionary dictionary, String detail) {
      refused.add(dictionary);
    }

    @Override
    public void offered(List<DictionaryOffer> offers) {
      offered.addAll(offers);
    }

    @Override
    public void fetched(Dictionary dictionary) {
      fetched.add(dictionary);
    }
  }

  protected LinkDictionaryTest(LinkPath path) {
    this.path = path;
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private LinkCore core(MemoryStore store) {
    return path.start(LinkServerConfig.of("core-1"), store, Clock.SYSTEM);
  }

  private LinkClient connect(URI... targets) {
    LinkClientConfig config = path.config(List.of(targets), SOURCE).withBackoff(FAST);
    LaneSources lanes = LaneSources.of(List.of(lane));
    return LinkClient.start(
        config, lanes, Clock.SYSTEM, new SplittableRandom(1), LinkListener.NONE, told);
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      boolean isAlpha = sent.size() % 3 != 0;
      String text = MemoryShelf.text(isAlpha ? "alpha" : "omega", sent.size());
      sent.add(text);
      lane.add(batch(text, isAlpha ? MemoryShelf.ALPHA : MemoryShelf.OMEGA));
    }
  }

  private static Batch batch(String text, Dictionary dictionary) {
    BatchBuilder builder = new BatchBuilder(64 << 10);
    builder.add(Message.of("a", text));
    Batch batch = builder.build(Encoding.with(dictionary, 3), Bytes.EMPTY);
    assertThat(batch.dictionary()).isPresent();
    return batch;
  }

  @Test
  void namesADictionaryThatTheCoreKnows() {
    store.with(new MemoryShelf(MemoryShelf.ALPHA, MemoryShelf.OMEGA));
    add(50);
    try (LinkCore core = core(store);
        LinkClient client = connect(core.uri())) {
      eventually("all are settled", lane::isSettled);

      assertThat(store.bodies()).isEqualTo(sent);
      assertThat(client.stats().publishedDictionaries()).isZero();
      assertThat(client.stats().resentFrames()).isZero();
      assertThat(told.offered).hasSize(2);
    }
  }

  @Test
  void publishesADictionaryThatTheCoreLacks() {
    MemoryShelf shelf = new MemoryShelf(MemoryShelf.OMEGA);
    store.with(shelf);
    add(50);
    try (LinkCore core = core(store);
        LinkClient client = connect(core.uri())) {
      eventually("all are settled", lane::isSettled);

      assertThat(store.bodies()).isEqualTo(sent);
      assertThat(shelf.find(MemoryShelf.ALPHA.id())).contains(MemoryShelf.ALPHA);
      eventually("it counts", () -> client.stats().publishedDictionaries() == 1);
      assertThat(client.stats().recodedFrames()).isZero();
      assertThat(lane.refused()).isEmpty();
    }
  }

  @Test
  void goesOnWithoutWhereACoreTakesNoDictionaries() {
    add(50);
    try (LinkCore core = core(store);
        LinkClient client = connect(core.uri())) {
      eventually("all are settled", lane::isSettled);

      assertThat(store.bodies()).isEqualTo(sent);
      assertThat(lane.refused()).isEmpty();
      eventually("it counts", () -> client.stats().recodedFrames() >= 50);
      assertThat(core.link().stats().refusedDictionaries()).isEqualTo(2);
    }
  }

  @Test
  void takesItsDictionariesToTheNextCore() {
    store.with(new MemoryShelf());
    MemoryStore second = new MemoryStore(1_000).with(new MemoryShelf());
    add(20);
    LinkCore first = core(store);
    try (LinkCore other = core(second);
        LinkClient client = connect(first.uri(), other.uri())) {
      eventually("the first twenty are settled", lane::isSettled);
      first.close();
      add(20);
      client.wake();

      eventually("all are settled", lane::isSettled);
      assertThat(store.bodies()).isEqualTo(sent.subList(0, 20));
      assertThat(second.bodies()).isEqualTo(sent.subList(20, 40));
      eventually("it counts", () -> client.stats().publishedDictionaries() == 4);
    } finally {
      first.close();
      second.close();
    }
  }

  @Test
  void offersWhatWasTrainedUntilACoreHasIt() {
    MemoryShelf shelf = new MemoryShelf();
    store.with(shelf);
    LinkCore core = core(store);
    URI uri = core.uri();
    core.close();
    try (LinkClient client = connect(uri)) {
      client.offer(MemoryShelf.ALPHA, "a/b");
    }
    try (LinkCore other = core(store);
        LinkClient client = connect(other.uri())) {
      client.offer(MemoryShelf.ALPHA, "a/b");

      eventually("it is accepted", () -> told.accepted.contains(MemoryShelf.ALPHA));
      assertThat(shelf.recent())
          .containsExactly(new LinkDictionaries.Offer(MemoryShelf.ALPHA, "a/b"));
    }
  }

  @Test
  void tellsThatAnOfferIsRefused() {
    try (LinkCore core = core(store);
        LinkClient client = connect(core.uri())) {
      client.offer(MemoryShelf.ALPHA, "a/b");

      eventually("it is refused", () -> told.refused.contains(MemoryShelf.ALPHA));
      assertThat(told.accepted).isEmpty();
    }
  }

  @Test
  void fetchesWhatAnotherSenderTrained() {
    store.with(new MemoryShelf(MemoryShelf.ALPHA));
    try (LinkCore core = core(store);
        LinkClient client = connect(core.uri())) {
      eventually("it is offered", () -> told.offered.size() == 1);
      DictionaryOffer offer = told.offered.getFirst();
      assertThat(offer.dataClass()).isEqualTo("known");

      client.fetch(offer);
      client.fetch(new DictionaryOffer(40_000, Bytes.utf8("no hash"), "known", 1));

      eventually("it is there", () -> told.fetched.contains(MemoryShelf.ALPHA));
    }
  }
}
