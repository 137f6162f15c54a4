// Every operation the SDK calls. A path or method that is not the contract's does not compile.
import type {
  COMPARE_BALANCES,
  CREATE_CHECKPOINT,
  DERIVE_BALANCE,
  EMIT_BATCH,
  EMIT_DELTA,
  GET_CHECKPOINT,
  GET_CUSTOMER,
  GET_DELTA,
  GET_RECEIPT,
  GET_SYSTEM,
  GET_TREE_NODES,
  LIST_CHECKPOINTS,
  LIST_CUSTOMERS,
  LIST_GAPS,
  SUMMARIZE_CUSTOMERS,
  VERIFY_ROOT,
} from '@deltabook/contracts';
import type { Route } from './route';

export const EMIT_DELTA_ROUTE: Route<typeof EMIT_DELTA> = {
  method: 'POST',
  path: '/api/v1/balance/delta',
};

export const EMIT_BATCH_ROUTE: Route<typeof EMIT_BATCH> = {
  method: 'POST',
  path: '/api/v1/balance/delta/batch',
};

export const GET_DELTA_ROUTE: Route<typeof GET_DELTA> = {
  method: 'GET',
  path: '/api/v1/balance/delta/:recordId',
};

export const DERIVE_BALANCE_ROUTE: Route<typeof DERIVE_BALANCE> = {
  method: 'GET',
  path: '/api/v1/balance/derive/:customerId',
};

export const COMPARE_ROUTE: Route<typeof COMPARE_BALANCES> = {
  method: 'POST',
  path: '/api/v1/balance/compare',
};

export const CREATE_CHECKPOINT_ROUTE: Route<typeof CREATE_CHECKPOINT> = {
  method: 'POST',
  path: '/api/v1/balance/checkpoint',
};

export const LIST_CHECKPOINTS_ROUTE: Route<typeof LIST_CHECKPOINTS> = {
  method: 'GET',
  path: '/api/v1/balance/checkpoints',
};

export const GET_CHECKPOINT_ROUTE: Route<typeof GET_CHECKPOINT> = {
  method: 'GET',
  path: '/api/v1/balance/checkpoints/:checkpointId',
};

export const GET_RECEIPT_ROUTE: Route<typeof GET_RECEIPT> = {
  method: 'GET',
  path: '/api/v1/balance/receipt/:customerId',
};

export const LIST_CUSTOMERS_ROUTE: Route<typeof LIST_CUSTOMERS> = {
  method: 'GET',
  path: '/api/v1/balance/customers',
};

export const SUMMARIZE_CUSTOMERS_ROUTE: Route<typeof SUMMARIZE_CUSTOMERS> = {
  method: 'GET',
  path: '/api/v1/balance/customers/summary',
};

export const GET_CUSTOMER_ROUTE: Route<typeof GET_CUSTOMER> = {
  method: 'GET',
  path: '/api/v1/balance/customers/:customerId',
};

export const LIST_GAPS_ROUTE: Route<typeof LIST_GAPS> = {
  method: 'GET',
  path: '/api/v1/balance/gaps/:customerId',
};

export const VERIFY_ROOT_ROUTE: Route<typeof VERIFY_ROOT> = {
  method: 'GET',
  path: '/api/v1/verify/:proofRoot',
};

export const GET_TREE_NODES_ROUTE: Route<typeof GET_TREE_NODES> = {
  method: 'GET',
  path: '/api/v1/balance/tree/:customerId',
};

export const GET_SYSTEM_ROUTE: Route<typeof GET_SYSTEM> = {
  method: 'GET',
  path: '/dashboard/system',
};

/** In no envelope: it is what it is. */
export const PUBLIC_KEYS_ROUTE = { method: 'GET', path: '/.well-known/deltabook-keys' } as const;

/** No operation of one reply: a stream of events. */
export const BALANCE_EVENTS_ROUTE = { method: 'GET', path: '/api/v1/balance/events' } as const;
