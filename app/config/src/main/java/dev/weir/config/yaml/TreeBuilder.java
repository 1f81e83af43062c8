package dev.weir.config.yaml;

import dev.weir.base.ErrorCode;
import dev.weir.config.mistake.MistakeList;
import dev.weir.config.mistake.Quote;
import dev.weir.config.mistake.Source;
import dev.weir.config.mistake.Span;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// Builds the tree from parser events without recursion, so that nesting costs no stack, and keeps
/// what was complete when a syntax error ends the events.
final class TreeBuilder {
  /// The deepest key of the schema is at 5; beyond this a text is hostile or broken.
  static final int MAX_DEPTH = 32;

  /// No setting needs more; longer ones only feed expensive checks.
  static final int MAX_SCALAR_CHARS = 4096;

  private final Source source;
  private final MistakeList mistakes;
  private final Deque<Frame> open = new ArrayDeque<>();
  private @Nullable Node root;
  private Span lastPlace;
  private int documentCount;
  private boolean isStopped;

  TreeBuilder(Source source, MistakeList mistakes) {
    this.source = source;
    this.mistakes = mistakes;
    this.lastPlace = new Span(source, 1, 1, 1, 2);
  }

  /// The start of the last event, for a parser that fails without saying where.
  Span lastPlace() {
    return lastPlace;
  }

  /// True once the rest of the text is not worth reading.
  boolean isStopped() {
    return isStopped;
  }

  void accept(Event event) {
    lastPlace = span(event);
    switch (event) {
      case DocumentStartEvent start -> startDocument(start);
      case ScalarEvent scalar -> addScalar(scalar);
      case AliasEvent alias -> {
        limit(span(alias), "aliases");
        attach(nothing(span(alias)));
      }
      case CollectionStartEvent start -> startCollection(start);
      case MappingEndEvent _ -> close();
      case SequenceEndEvent _ -> close();
      default -> {}
    }
  }

  /// The tree, with whatever is still open closed where it stands.
  Optional<Node> finish() {
    while (!open.isEmpty()) {
      close();
    }
    return Optional.ofNullable(root);
  }

  private void startDocument(DocumentStartEvent start) {
    documentCount++;
    if (documentCount > 1) {
      isStopped = true;
      mistakes.error(
          ErrorCode.CONFIG_LIMIT,
          span(start),
          "",
          "a second document starts here, expected one document per file",
          "remove the `---` line, or move what follows to a file of its own");
    }
  }

  private void addScalar(ScalarEvent event) {
    Span span = span(event);
    refuseAnchorAndTag(span, event.getAnchor(), event.getTag());
    String text = event.getValue();
    if (text.length() > MAX_SCALAR_CHARS) {
      mistakes.error(
          ErrorCode.CONFIG_LIMIT,
          span,
          pointer(),
          "a value of " + text.length() + " characters, expected at most " + MAX_SCALAR_CHARS,
          "shorten the value");
      text = "";
    }
    attach(new Node.Scalar(span, text, !event.isPlain()));
  }

  private void startCollection(CollectionStartEvent event) {
    Span span = span(event);
    refuseAnchorAndTag(span, event.getAnchor(), event.getTag());
    if (open.size() == MAX_DEPTH) {
      isStopped = true;
      mistakes.error(
          ErrorCode.CONFIG_LIMIT,
          span,
          pointer(),
          "nested deeper than " + MAX_DEPTH + " levels",
          "check the brackets and the indentation");
      return;
    }
    open.push(
        event instanceof MappingStartEvent ? new MappingFrame(span) : new SequenceFrame(span));
  }

  private void close() {
    if (!open.isEmpty()) {
      attach(open.pop().toNode());
    }
  }

  private void attach(Node node) {
    switch (open.peek()) {
      case null -> root = documentCount > 1 ? root : node;
      case SequenceFrame frame -> frame.elements.add(node);
      case MappingFrame frame -> attachToMapping(frame, node);
    }
  }

  private void attachToMapping(MappingFrame frame, Node node) {
    if (!frame.awaitsValue) {
      frame.awaitsValue = true;
      frame.key = node instanceof Node.Scalar scalar ? scalar : null;
      if (frame.key == null) {
        mistakes.error(
            ErrorCode.CONFIG_SYNTAX,
            node.span(),
            pointer(),
            "a key is " + node.kind() + ", expected a name",
            "write `name: value`");
      }
      return;
    }
    frame.awaitsValue = false;
    Node.Scalar key = frame.key;
    if (key == null) {
      return;
    }
    Node.Entry first = frame.entries.putIfAbsent(key.text(), new Node.Entry(key, node));
    if (first != null) {
      mistakes.error(
          ErrorCode.CONFIG_DUPLICATE_KEY,
          key.span(),
          pointer() + "/" + escaped(key.text()),
          Quote.of(key.text()) + " is already set at line " + first.key().span().line(),
          "keep one of the two");
    }
  }

  private void refuseAnchorAndTag(Span span, Optional<Anchor> anchor, Optional<String> tag) {
    anchor.ifPresent(_ -> limit(span, "anchors"));
    // "!" says no more than that a quoted text is a text.
    tag.filter(t -> !t.equals("!")).ifPresent(t -> limit(span, "tags (" + Quote.of(t) + ")"));
  }

  private void limit(Span span, String feature) {
    mistakes.error(
        ErrorCode.CONFIG_LIMIT,
        span,
        pointer(),
        feature + " are not read in a configuration",
        "write the value itself here");
  }

  /// Where the next node goes.
  private String pointer() {
    StringBuilder pointer = new StringBuilder();
    open.descendingIterator()
        .forEachRemaining(frame -> {
          switch (frame) {
            case SequenceFrame list -> pointer.append('/').append(list.elements.size());
            case MappingFrame map when map.awaitsValue && map.key != null ->
                pointer.append('/').append(escaped(map.key.text()));
            case MappingFrame _ -> {}
          }
        });
    return pointer.toString();
  }

  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private Span span(Event event) {
    return Marks.span(source, event.getStartMark(), event.getEndMark());
  }

  private static Node nothing(Span span) {
    return new Node.Scalar(span, "", false);
  }

  /// A collection whose end was not seen yet.
  private sealed interface Frame {
    Node toNode();
  }

  private static final class SequenceFrame implements Frame {
    private final Span span;
    private final List<Node> elements = new ArrayList<>();

    SequenceFrame(Span span) {
      this.span = span;
    }

    @Override
    public Node toNode() {
      return new Node.Sequence(span, elements);
    }
  }

  private static final class MappingFrame implements Frame {
    private final Span span;
    private final Map<String, Node.Entry> entries = new LinkedHashMap<>();
    private Node.@Nullable Scalar key;
    private boolean awaitsValue;

    MappingFrame(Span span) {
      this.span = span;
    }

    @Override
    public Node toNode() {
      return new Node.Mapping(span, entries);
    }
  }

  /// Turns the marks of the parser, which count from 0, into spans.
  static final class Marks {
    private Marks() {}

    static Span span(Source source, Optional<Mark> start, Optional<Mark> end) {
      if (start.isEmpty()) {
        return source.whole();
      }
      Mark from = start.get();
      Mark to = end.orElse(from);
      boolean isEndAtLineStart = to.getColumn() == 0 && to.getLine() > from.getLine();
      if (isEndAtLineStart) {
        String last = source.line(to.getLine());
        return new Span(
            source,
            from.getLine() + 1,
            from.getColumn() + 1,
            to.getLine(),
            last.codePointCount(0, last.length()) + 1);
      }
      return new Span(
          source, from.getLine() + 1, from.getColumn() + 1, to.getLine() + 1, to.getColumn() + 1);
    }
  }
}
