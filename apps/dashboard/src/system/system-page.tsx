// How the service is: what it depends on, and how far it lags. For operators' keys.
import { Alert, Badge, Container, List, SimpleGrid, Skeleton, Stack, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { SystemReply } from '@deltabook/sdk';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { countText } from '../parts/amount';
import { Loaded } from '../parts/loaded';
import { useClient } from '../session/session-context';
import { StateCard } from './state-card';

const REFRESH_MS = 2_000;

function Notes(props: {
  readonly title: string;
  readonly color: string;
  readonly notes: readonly string[];
}): ReactElement | null {
  if (props.notes.length === 0) return null;
  return (
    <Alert color={props.color} title={props.title} role="alert">
      <List size="sm">
        {props.notes.map((note) => (
          <List.Item key={note}>{note}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

function projectionFacts({ projection }: SystemReply): readonly (readonly [string, ReactNode])[] {
  return [
    ['Projected through position', countText(Number(projection.position))],
    ['Log ends at position', countText(Number(projection.head))],
    ['Behind by', `${countText(projection.lag)} positions`],
  ];
}

function Verification({ verification }: SystemReply): ReactElement {
  if (verification === null) {
    const note = 'Another process of this installation verifies.';
    return <StateCard name="Verification" state="elsewhere" note={note} facts={[]} />;
  }
  const { position, fencedCustomers, seals, problem } = verification;
  return (
    <StateCard
      name="Verification"
      state={problem === null ? 'fine' : 'stuck'}
      note={problem}
      facts={[
        ['Verified through position', countText(Number(position))],
        ['Seals since the start', countText(seals)],
        ['Fenced customers', countText(fencedCustomers)],
      ]}
    />
  );
}

function Broker({ broker }: SystemReply): ReactElement {
  if (broker === null) {
    const note = 'The setting KAFKA_BROKERS names none.';
    return <StateCard name="Kafka" state="not used" note={note} facts={[]} />;
  }
  const { brokers, warnings, intakeLag, deadLetters, publishLag } = broker;
  const count = (value: number | null): string => (value === null ? 'none' : countText(value));
  return (
    <StateCard
      name="Kafka"
      state={warnings.length === 0 ? 'fine' : 'stuck'}
      note={warnings.join('; ')}
      facts={[
        ['Brokers', brokers],
        ['Messages waiting', count(intakeLag)],
        ['Dead letters since the start', count(deadLetters)],
        ['Events to be published', count(publishLag)],
      ]}
    />
  );
}

function States({ system }: { readonly system: SystemReply }): ReactElement {
  const { ready, reasons, warnings, eventStore, projection } = system;
  return (
    <Stack>
      <Badge size="lg" tt="none" color={ready ? 'ledger' : 'red'} variant="light" role="status">
        {ready ? 'Ready' : 'Not ready'}
      </Badge>
      <Notes title="Not ready" color="red" notes={reasons} />
      <Notes title="Worth a look" color="yellow" notes={warnings} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <StateCard
          name="Event store"
          state={eventStore.problem === null ? 'fine' : 'stuck'}
          note={eventStore.problem}
          facts={[['Store', eventStore.place]]}
        />
        <StateCard
          name="Read models"
          state={projection.ready ? (projection.rebuilding ? 'rebuilding' : 'fine') : 'building'}
          facts={projectionFacts(system)}
        />
        <Verification {...system} />
        <Broker {...system} />
      </SimpleGrid>
    </Stack>
  );
}

export function SystemPage(): ReactElement {
  useDocumentTitle('System · Deltabook');
  const client = useClient();
  const query = useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => client.system({ signal }),
    refetchInterval: REFRESH_MS,
  });
  return (
    <Container size="xl" py="lg">
      <Stack>
        <Title order={1} size="h2">
          System
        </Title>
        <Loaded query={query} placeholder={<Skeleton height={320} />}>
          {(system) => <States system={system} />}
        </Loaded>
      </Stack>
    </Container>
  );
}
