// What the bench and its own processes are told through their environment.

export interface BareSettings {
  readonly replyBytes: number;
  /** Folder to store in; empty for a server that only replies. */
  readonly dataDir: string;
  /** Connection string of the EventStoreDB to append to; empty for none. */
  readonly eventStore: string;
  /** Stands before the names of the streams it makes. */
  readonly streamPrefix: string;
  /** Bytes that every event is padded with. */
  readonly eventBytes: number;
}

/** Settings of the bare server's process. */
export function bareSettings(): BareSettings {
  return {
    replyBytes: Number(process.env['BARE_REPLY_BYTES'] ?? 0),
    dataDir: process.env['BARE_DATA_DIR'] ?? '',
    eventStore: process.env['BARE_EVENT_STORE'] ?? '',
    streamPrefix: process.env['BARE_STREAM_PREFIX'] ?? '',
    eventBytes: Number(process.env['BARE_EVENT_BYTES'] ?? 0),
  };
}

/** Where the brokers are that the Kafka door is measured behind; empty texts for none. */
export function kafkaSettings(): { readonly brokers: string; readonly home: string } {
  return {
    brokers: process.env['KAFKA_BROKERS'] ?? '',
    home: process.env['KAFKA_HOME'] ?? '',
  };
}

/** The browser that receipts are checked in. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
