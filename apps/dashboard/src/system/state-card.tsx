// One part of the system: how it is, and the figures that say so.
import { Badge, Group, Paper, Table, Text, Title } from '@mantine/core';
import { useId, type ReactElement, type ReactNode } from 'react';

type State = 'fine' | 'building' | 'rebuilding' | 'stuck' | 'elsewhere' | 'not used';

const COLOR_OF_STATE = {
  fine: 'ledger',
  building: 'yellow',
  rebuilding: 'yellow',
  stuck: 'red',
  elsewhere: 'gray',
  'not used': 'gray',
} as const satisfies Record<State, string>;

export function StateCard(props: {
  readonly name: string;
  readonly state: State;
  /** What is wrong, or why there is nothing to show. */
  readonly note?: string | null;
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}): ReactElement {
  const { name, state, note, facts } = props;
  const id = useId();
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id}>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5" id={id}>
          {name}
        </Title>
        <Badge color={COLOR_OF_STATE[state]} variant="light" tt="none">
          {state}
        </Badge>
      </Group>
      {note !== undefined && note !== null && note !== '' && (
        <Text size="sm" mb="xs">
          {note}
        </Text>
      )}
      {facts.length > 0 && (
        <Table withRowBorders={false} verticalSpacing={2} aria-labelledby={id}>
          <Table.Tbody>
            {facts.map(([fact, value]) => (
              <Table.Tr key={fact}>
                <Table.Th scope="row" fw={500}>
                  {fact}
                </Table.Th>
                <Table.Td className="figure anywhere" ta="right">
                  {value}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Paper>
  );
}
