export * from './ports/event-store.port';
export * from './ports/read-store.port';
export * from './read-models/rows';
export * from './access/principal';
export * from './commands/emit-delta/emit-delta.command';
export * from './commands/emit-batch/emit-batch.command';
