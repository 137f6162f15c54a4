export * from './connection';
export { explainFailure, KAFKA_FAILED, withoutRepeats } from './failures';
export { readTopic } from './read-topic';
export { sendMessages } from './send-messages';
export {
  clusterIdOf,
  makeMissingTopics,
  reachBrokers,
  withAdmin,
  type WantedTopic,
} from './topics';
export { letterKey, type DeadLetter } from './dead-letters/dead-letter';
export { DeadLetterWriter } from './dead-letters/dead-letter-writer';
export type { DeadLetterWriterOptions } from './dead-letters/partition-letters';
export * from './dead-letters/dead-letters';
export { DeltaIntake, type DeltaIntakeOptions } from './intake/delta-intake';
export { InFlight } from './intake/in-flight';
export type { IntakeStatistics } from './intake/intake-statistics';
export type { EmitDeltas } from './intake/partition-batch';
export type { ReadDeltaBody } from './intake/read-message';
export { parseTopicBindings, type TopicBinding } from './intake/topic-binding';
export type { PublisherStatistics } from './publisher/event-publisher';
export { DELTA_RECORDED, type DeltaRecorded } from './publisher/event-messages';
export { PublisherThread } from './publisher/publisher-thread';
export { runPublisher, type PublishedLog } from './publisher/run-publisher';
