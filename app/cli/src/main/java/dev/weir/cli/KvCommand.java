package dev.weir.cli;

import picocli.CommandLine.Command;

/// `weir kv`.
@Command(
    name = "kv",
    description = "Key/value buckets: durable, with compare-and-set, time to live and watches.",
    subcommands = {
      KvGetCommand.class,
      KvPutCommand.class,
      KvDelCommand.class,
      KvLsCommand.class,
      KvWatchCommand.class,
      KvBucketCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir kv put settings/color blue               write; prints the revision",
      "  weir kv get settings/color                    read",
      "  weir kv put settings/color red --if-revision 1",
      "  weir kv put locks/job1 me --if-absent --ttl 30s",
      "  weir kv watch settings                        follow changes"
    })
final class KvCommand extends CommandGroup {
  KvCommand(Terminal terminal) {
    super(terminal);
  }
}
