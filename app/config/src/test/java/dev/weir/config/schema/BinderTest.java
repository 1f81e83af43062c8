package dev.weir.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.mistake.MistakeList;
import dev.weir.config.mistake.MistakePrinter;
import dev.weir.config.mistake.Source;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.yaml.YamlReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BinderTest {
  private static final Key<Integer> PIN =
      Key.of("pin", Values.integer("", 1000, 9999)).defaults("1000").secret().hot();
  private static final Section<Integer> ROOT = new Section<>("", List.of(PIN), b -> b.get(PIN));

  private final MistakeList mistakes = new MistakeList();
  private final Binder binder = new Binder(ROOT, Map.of(), mistakes, true);

  @Test
  void masksTheSecretsItShows() {
    assertThat(bind("pin: 4711\n")).isEqualTo(4711);

    assertThat(binder.settings())
        .singleElement()
        .satisfies(setting -> {
          assertThat(setting.text()).isEqualTo(Binder.MASK);
          assertThat(setting.change()).isEqualTo(Key.Change.HOT);
        });
  }

  @Test
  void keepsSecretsOutOfTheMessage() {
    bind("pin: 47110815\n");

    assertThat(mistakes.sorted())
        .singleElement()
        .extracting(mistake -> mistake.message() + mistake.fix())
        .asString()
        .doesNotContain("4711");
  }

  @Test
  void keepsSecretsOutOfTheSourceLine() {
    bind("pin: 47110815\n");

    assertThat(MistakePrinter.human(mistakes.sorted(), false)).doesNotContain("4711");
  }

  private int bind(String text) {
    Source source = Source.of(Source.Kind.FILE, "x.yaml", text);
    return binder.bindRoot(ROOT, YamlReader.read(source, mistakes).root());
  }
}
