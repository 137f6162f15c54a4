// RequestCheckpoints: a checkpoint of a UTC month for every customer of an environment.
import { Command } from '@nestjs/cqrs';
import type { AccessOrigin } from '../../access/tenants';
import type {
  CheckpointsWanted,
  RequestCheckpointsOutcome,
} from '../../checkpoints/checkpoint-jobs';

export class RequestCheckpointsCommand extends Command<RequestCheckpointsOutcome> {
  constructor(
    readonly origin: AccessOrigin,
    readonly wanted: CheckpointsWanted,
  ) {
    super();
  }
}
