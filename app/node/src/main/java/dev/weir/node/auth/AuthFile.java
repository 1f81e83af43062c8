package dev.weir.node.auth;

import dev.weir.auth.ApiKey;
import dev.weir.auth.AuthBook;
import dev.weir.auth.Role;
import dev.weir.auth.User;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.config.mistake.Mistake;
import dev.weir.config.mistake.MistakeList;
import dev.weir.config.mistake.Source;
import dev.weir.config.mistake.Span;
import dev.weir.config.schema.Binder;
import dev.weir.config.yaml.Document;
import dev.weir.config.yaml.Node;
import dev.weir.config.yaml.TextFile;
import dev.weir.config.yaml.YamlReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// `auth.yaml` on disk. Nobody but its owner may read it, since whoever has a password's hash can
/// guess at leisure. Any thread.
public final class AuthFile {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path file;

  public AuthFile(Path file) {
    this.file = file;
  }

  /// What reading came to.
  public sealed interface Result {
    record Loaded(AuthBook book) implements Result {}

    /// Everything that is wrong, by place.
    record Refused(List<Mistake> mistakes) implements Result {}
  }

  public Path path() {
    return file;
  }

  /// Reads the file; every mistake is named with its line.
  public Result read() {
    MistakeList mistakes = new MistakeList();
    Optional<Source> source = TextFile.read(file, mistakes);
    if (source.isPresent()) {
      checkMode(mistakes);
      Document document = YamlReader.read(source.get(), mistakes);
      requireVersion(document, source.get(), mistakes);
      Binder binder = new Binder(AuthSchema.ROOT, Map.of(), mistakes, document.isWhole());
      Optional<AuthBook> book = bind(binder, document, source.get(), mistakes);
      if (!mistakes.hasErrors() && book.isPresent()) {
        return new Result.Loaded(book.get());
      }
    }
    return new Result.Refused(mistakes.sorted());
  }

  private static Optional<AuthBook> bind(
      Binder binder, Document document, Source source, MistakeList mistakes) {
    try {
      AuthSchema.Draft draft = binder.bindRoot(AuthSchema.ROOT, document.root());
      return mistakes.hasErrors() ? Optional.empty() : Optional.of(book(draft));
    } catch (IllegalArgumentException e) { // Parts that contradict each other.
      mistakes.error(
          ErrorCode.CONFIG_CONFLICT,
          new Span(source, 1, 1, 1, 1),
          "",
          String.valueOf(e.getMessage()),
          "change one of the two");
      return Optional.empty();
    }
  }

  private static AuthBook book(AuthSchema.Draft draft) {
    return new AuthBook(
        byName("user", draft.users(), User::name),
        byName("role", draft.roles(), Role::name),
        byName("key", draft.keys(), ApiKey::id),
        draft.issuers(),
        Set.copyOf(draft.revokedTokens()),
        draft.quota());
  }

  private static <T> Map<String, T> byName(String what, List<T> list, Function<T, String> name) {
    Map<String, T> byName = new LinkedHashMap<>();
    for (T element : list) {
      if (byName.put(name.apply(element), element) != null) {
        throw new IllegalArgumentException(
            "there are two of the " + what + " '" + name.apply(element) + "'");
      }
    }
    return byName;
  }

  /// An empty file is one that somebody is writing, not one that lets nobody in.
  private static void requireVersion(Document document, Source source, MistakeList mistakes) {
    boolean isStated =
        document.root() instanceof Node.Mapping mapping && mapping.entries().containsKey("version");
    if (document.isWhole() && !isStated) {
      mistakes.error(
          ErrorCode.CONFIG_VERSION,
          new Span(source, 1, 1, 1, 1),
          "/version",
          "the file does not state its version",
          "write `version: 1` on the first line");
    }
  }

  private void checkMode(MistakeList mistakes) {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      boolean isOpen = mode.stream().anyMatch(one -> !one.name().startsWith("OWNER_"));
      if (isOpen) {
        mistakes.error(
            ErrorCode.CONFIG_ENVIRONMENT,
            Span.nowhere(file.toString()),
            "",
            "others than its owner may use "
                + file
                + " ("
                + PosixFilePermissions.toString(mode)
                + ")",
            "run `chmod 600 " + file + "`");
      }
    } catch (UnsupportedOperationException _) {
      // A file system without modes.
    } catch (IOException e) {
      mistakes.error(
          ErrorCode.CONFIG_ENVIRONMENT,
          Span.nowhere(file.toString()),
          "",
          "who may use " + file + " cannot be found out: " + e,
          "make it a plain file of the user that runs the core");
    }
  }

  /// The book.
  ///
  /// @throws WeirException with CONFIG_INVALID naming the first mistake
  /// @throws NoSuchFileException when there is no file
  public AuthBook load() throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    return switch (read()) {
      case Result.Loaded(AuthBook book) -> book;
      case Result.Refused(List<Mistake> mistakes) -> {
        Mistake first = mistakes.getFirst();
        throw new WeirException(
            ErrorCode.CONFIG_INVALID,
            first.span().place()
                + ": "
                + first.message()
                + "; "
                + first.fix()
                + (mistakes.size() > 1 ? " (and " + (mistakes.size() - 1) + " more)" : "")
                + ".");
      }
    };
  }

  /// Changes the book: reads, changes and writes while nobody else does.
  ///
  /// @throws IOException when it cannot be written; then it is as it was
  public AuthBook change(UnaryOperator<AuthBook> edit) throws IOException {
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(
                lockFile, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_ONLY);
        var _ = channel.lock()) {
      AuthBook changed = edit.apply(load());
      write(changed);
      return changed;
    }
  }

  /// Begins a file.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException when there is one
  public void create(AuthBook book) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path fresh = written(book);
    try {
      Files.createLink(file, fresh); // Whole from its first moment, and never over another one.
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /// The new text is on disk before it takes the old one's name: a reader, or a crash, finds one of
  /// the two.
  private void write(AuthBook book) throws IOException {
    Path fresh = written(book);
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private Path written(AuthBook book) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path fresh = Files.createTempFile(directory, ".auth", ".tmp", OWNER_ONLY);
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer text = ByteBuffer.wrap(AuthText.of(book).getBytes(StandardCharsets.UTF_8));
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
    return fresh;
  }
}
