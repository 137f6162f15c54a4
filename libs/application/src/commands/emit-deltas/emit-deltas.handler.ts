// The handler of EmitDeltas: hands each customer's deltas to its mailbox in one piece.
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Mailboxes } from '../../write-path/mailboxes';
import type { EmitOutcome } from '../emit-delta/emit-delta.command';
import { EmitDeltasCommand } from './emit-deltas.command';

@CommandHandler(EmitDeltasCommand)
export class EmitDeltasHandler implements ICommandHandler<EmitDeltasCommand> {
  constructor(private readonly mailboxes: Mailboxes) {}

  execute(command: EmitDeltasCommand): Promise<readonly EmitOutcome[]> {
    return this.mailboxes.emitAll(command.deltas, command.sequence);
  }
}
