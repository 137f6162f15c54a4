// The handler of EmitDelta: hands it to its customer's mailbox.
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Mailboxes } from '../../write-path/mailboxes';
import { EmitDeltaCommand, type EmitOutcome } from './emit-delta.command';

@CommandHandler(EmitDeltaCommand)
export class EmitDeltaHandler implements ICommandHandler<EmitDeltaCommand> {
  constructor(private readonly mailboxes: Mailboxes) {}

  execute(command: EmitDeltaCommand): Promise<EmitOutcome> {
    const { origin, delta, keySource } = command;
    const outcome = this.mailboxes.emit(origin, delta, keySource);
    return outcome instanceof Promise ? outcome : Promise.resolve(outcome);
  }
}
