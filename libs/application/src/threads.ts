// What worker threads of adapters need: ports, rows and folds. Unlike the index it loads no
// framework, so a thread starts in a fraction of the time and memory.
export * from './ports/event-store.port';
export * from './ports/read-store.port';
export * from './ports/verification-store.port';
export * from './ports/served-rows.port';
export * from './ports/stream-places.port';
export * from './read-models/checkpoint-rows';
export * from './read-models/rows';
export * from './projections/batch-fold';
export * from './projections/customer-row';
export * from './projections/projected-streams';
export * from './verifying/run-verifier';
export * from './verifying/sign-log-head';
export * from './verifying/verifier';
export * from './auditing/audit';
export * from './auditing/audit-parts';
export * from './auditing/audit-report';
export * from './auditing/audited-customer';
export * from './auditing/audited-state';
export * from './auditing/remembered-histories';
export * from './verifying/fence-customer';
