// What a stored event says happened to customers, before it is known whose they are.
import {
  customerStream,
  DELTA_EMITTED,
  DELTAS_VERIFIED,
  wholeCustomerEvent,
  wholeSealEvent,
} from '@deltabook/domain';
import type { RecordedEvent } from '../ports/event-store.port';
import { deltaViewOf } from '../queries/delta-view';
import type { StreamOwner, WantedOwner } from './customer-owners';
import type { LiveEvent } from './live-event';

export interface Happening extends WantedOwner {
  /** The events for a listener, once the owner is known. */
  readonly eventOf: (owner: StreamOwner) => readonly LiveEvent[];
}

/** Of a damaged event there are none. Throws UnreadableEventError. */
export function happeningsOf(recorded: RecordedEvent): readonly Happening[] {
  if (recorded.type === DELTA_EMITTED) return recordedDelta(recorded);
  if (recorded.type === DELTAS_VERIFIED) return verifiedDeltas(recorded);
  return [];
}

function recordedDelta(recorded: RecordedEvent): readonly Happening[] {
  const { stream, type, data, position } = recorded;
  const event = wholeCustomerEvent(type, data);
  if (event?.type !== DELTA_EMITTED) return [];
  const happening: Happening = {
    stream,
    reference: () => event.leaf.reference,
    eventOf: (owner) => {
      const delta = deltaViewOf(recorded, {
        ...owner,
        fencedFromSequence: null,
        verifiedDeltas: 0,
      });
      return delta ? [{ kind: 'recorded', position, ...customerOf(owner), delta }] : [];
    },
  };
  return [happening];
}

function verifiedDeltas({ type, data, position }: RecordedEvent): readonly Happening[] {
  const event = wholeSealEvent(type, data);
  if (event?.type !== DELTAS_VERIFIED) return [];
  return event.heads.map(([reference, size]) => ({
    stream: customerStream(reference),
    reference: () => reference,
    eventOf: (owner) => [
      { kind: 'verified', position, ...customerOf(owner), verifiedThrough: size },
    ],
  }));
}

function customerOf({ tenant, environment, customerId, reference }: StreamOwner) {
  return { tenant, environment, customerId, reference };
}
