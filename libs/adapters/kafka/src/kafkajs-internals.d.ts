// The inner parts of kafkajs that this adapter touches; the package has no types for them.
declare module 'kafkajs/src/network/requestQueue' {
  class RequestQueue {
    readonly pending: readonly unknown[];
    readonly throttledUntil: number;
    scheduleCheckPendingRequests(): void;
  }
  export = RequestQueue;
}

declare module 'kafkajs/src/broker' {
  namespace Broker {
    interface AbortedTransaction {
      readonly producerId: string;
      readonly firstOffset: string;
    }
    interface FetchedRecord {
      readonly offset: string;
      readonly key: Buffer | null;
      isControlRecord: boolean;
      readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
    }
    interface FetchedPartition {
      abortedTransactions?: readonly AbortedTransaction[];
      readonly messages: readonly FetchedRecord[];
    }
    interface FetchResponse {
      readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[];
    }
  }
  class Broker {
    fetch(request: unknown): Promise<Broker.FetchResponse>;
  }
  export = Broker;
}
