// GET /api/v1/balance/delta/:recordId
import { IsBoolean, IsOptional, IsString } from 'class-validator';
import { DeltaFields } from './delta-fields';
import type { OperationContract } from './operation-contract';
import { ReadQuery } from './read-query';

export class DeltaParams {
  @IsString()
  readonly recordId!: string;
}

export class DeltaReply extends DeltaFields {
  @IsString()
  readonly customerId!: string;

  /** Present where the customer's stored history failed verification. */
  @IsOptional()
  @IsBoolean()
  readonly fenced?: boolean;

  /** The reply holds every event up to this position of the log. */
  @IsString()
  readonly position!: string;
}

export const GET_DELTA = {
  id: 'getDelta',
  method: 'GET',
  path: '/api/v1/balance/delta/:recordId',
  access: 'read',
  summary: 'One delta and its status',
  successStatus: 200,
  params: DeltaParams,
  query: ReadQuery,
  reply: DeltaReply,
  errors: ['RECORD_NOT_FOUND'],
} as const satisfies OperationContract;
