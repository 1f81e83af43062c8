package dev.weir.cli;

import picocli.CommandLine.Command;

/// `weir queue`.
@Command(
    name = "queue",
    description = "Durable queues: each message goes to one consumer, again until one acks it.",
    subcommands = {
      QueueCreateCommand.class,
      QueueLsCommand.class,
      QueueInfoCommand.class,
      QueuePeekCommand.class,
      QueueConsumeCommand.class,
      QueueMoveCommand.class,
      QueueRequeueCommand.class,
      QueuePurgeCommand.class,
      QueueRmCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir queue create jobs --dead-letter jobs.dead --max-deliveries 5",
      "  weir pub --queue jobs 'resize 17.png'           durable when it returns",
      "  weir queue consume jobs -n 1                    print one message, and ack it",
      "  weir queue create orders --filter 'shop/+/order' --order key",
      "  weir queue peek jobs.dead                       the dead, with their reasons",
      "  weir queue requeue jobs.dead                    back to where they came from"
    })
final class QueueCommand extends CommandGroup {
  QueueCommand(Terminal terminal) {
    super(terminal);
  }
}
