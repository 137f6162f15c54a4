export { TooManyCustomersError } from './customer-listing';
export { QueriesOverloadedError } from './query-client';
export { runProjector, type FollowedLog, type ProjectorParts } from './run-projector';
export { ServedReadModel } from './served-read-model';
export { SQLITE_DEFAULTS, type SqliteReadStoreOptions } from './sqlite-options';
export { RowsLostError, SqliteReadStore } from './sqlite-read-store';
export { SqliteVerificationStore } from './sqlite-verification-store';
