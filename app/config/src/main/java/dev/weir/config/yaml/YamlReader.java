package dev.weir.config.yaml;

import dev.weir.base.ErrorCode;
import dev.weir.config.mistake.MistakeList;
import dev.weir.config.mistake.Source;
import dev.weir.config.mistake.Span;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;

/// Reads YAML 1.2 (and so JSON) into a tree of places and texts.
///
/// It uses the event layer of the parser only: nothing is constructed from tags, aliases are
/// refused instead of expanded (no bombs), and the tree is bounded in depth and size. The parser
/// stops at its first syntax error; what came before it is kept, so that the mistakes in there are
/// told in the same run.
public final class YamlReader {
  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setCodePointLimit(TextFile.MAX_SIZE.intBytes())
          .setParseComments(false)
          .build();

  private YamlReader() {}

  public static Document read(Source source, MistakeList mistakes) {
    TreeBuilder builder = new TreeBuilder(source, mistakes);
    Iterator<Event> events = new Parse(SETTINGS).parseString(source.text()).iterator();
    while (!builder.isStopped()) {
      Optional<Event> event;
      try {
        event = events.hasNext() ? Optional.of(events.next()) : Optional.empty();
      } catch (RuntimeException e) {
        SyntaxError error = SyntaxError.of(source, builder.lastPlace(), e);
        mistakes.error(ErrorCode.CONFIG_SYNTAX, error.span(), "", error.message(), error.fix());
        return new Document(soundPart(rootOf(builder, source), error.firstDoubtfulLine()), false);
      }
      if (event.isEmpty()) {
        return new Document(rootOf(builder, source), true);
      }
      builder.accept(event.get());
    }
    return new Document(rootOf(builder, source), false);
  }

  private static Node rootOf(TreeBuilder builder, Source source) {
    Optional<Node> root = builder.finish();
    return root.filter(node -> !(node instanceof Node.Scalar scalar && scalar.isNothing()))
        .orElseGet(() -> new Node.Mapping(new Span(source, 1, 1, 1, 1), Map.of()));
  }

  /// Drops values that end on or after a line where the text became doubtful: an unclosed quote or
  /// bracket swallows what follows it, and a complaint about that would be noise.
  private static Node soundPart(Node node, int firstDoubtfulLine) {
    return switch (node) {
      case Node.Scalar scalar -> scalar;
      case Node.Sequence list -> {
        List<Node> kept = new ArrayList<>();
        for (Node element : list.elements()) {
          if (isSound(element, firstDoubtfulLine)) {
            kept.add(soundPart(element, firstDoubtfulLine));
          }
        }
        yield new Node.Sequence(list.span(), kept);
      }
      case Node.Mapping map -> {
        Map<String, Node.Entry> kept = new LinkedHashMap<>();
        map.entries()
            .forEach((name, entry) -> {
              if (isSound(entry.value(), firstDoubtfulLine)) {
                Node value = soundPart(entry.value(), firstDoubtfulLine);
                kept.put(name, new Node.Entry(entry.key(), value));
              }
            });
        yield new Node.Mapping(map.span(), kept);
      }
    };
  }

  private static boolean isSound(Node node, int firstDoubtfulLine) {
    return node instanceof Node.Scalar
        ? node.span().endLine() < firstDoubtfulLine
        : node.span().line() < firstDoubtfulLine;
  }
}
