// GET /api/v1/balance/checkpoints/:checkpointId
import { IsString } from 'class-validator';
import { CheckpointReply, CheckpointsReply } from './create-checkpoint.contract';
import type { OperationContract } from './operation-contract';
import { ReadQuery } from './read-query';

export class CheckpointParams {
  @IsString()
  readonly checkpointId!: string;
}

export const GET_CHECKPOINT = {
  id: 'getCheckpoint',
  method: 'GET',
  path: '/api/v1/balance/checkpoints/:checkpointId',
  access: 'read',
  summary: 'One checkpoint, or how far those for all customers are',
  successStatus: 200,
  params: CheckpointParams,
  query: ReadQuery,
  reply: CheckpointReply,
  otherReply: { reply: CheckpointsReply, when: 'for a chk_all_… id' },
  errors: ['CHECKPOINT_NOT_FOUND'],
} as const satisfies OperationContract;
