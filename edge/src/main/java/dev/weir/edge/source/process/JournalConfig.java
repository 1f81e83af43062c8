package dev.weir.edge.source.process;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.edge.source.FileConfig;
import dev.weir.edge.source.FileConfig.StartsAt;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceContext;
import dev.weir.message.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The system's journal.
///
/// @param matches what entries must have, as journalctl takes it: `_SYSTEMD_UNIT=ssh.service`;
///   several of one field are alternatives, empty for every entry
/// @param directory where the journal is; empty for the system's own
/// @param startsAt where reading begins at the very first start
/// @param maxMessage longer ones are cut, 1 KiB to 8 MiB
public record JournalConfig(
    String name,
    String topic,
    List<String> matches,
    Optional<Path> directory,
    StartsAt startsAt,
    ByteSize maxMessage)
    implements SourceConfig {

  public JournalConfig {
    Topic.check(topic);
    matches = List.copyOf(matches);
    for (String match : matches) {
      Checks.argument(
          match.matches("[A-Z0-9_]{1,64}=.*"), "'" + match + "' is no match, expected FIELD=value");
    }
    Checks.range("maxMessage", maxMessage.bytes(), 1024, 8 << 20);
  }

  public static JournalConfig of(String name, String topic) {
    return new JournalConfig(
        name, topic, List.of(), Optional.empty(), StartsAt.BEGINNING, FileConfig.DEFAULT_MAX_LINE);
  }

  @Override
  public boolean hasPositions() {
    return true;
  }

  @Override
  public Source open(SourceContext context) {
    return new JournalSource(this, context);
  }
}
