// One figure of a strip of totals, with its name above it.
import { Paper, Skeleton, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

export function FigureCard(props: {
  readonly name: string;
  readonly isLoading?: boolean;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <Paper withBorder px="md" py="sm" component="div">
      <Text size="sm" c="dimmed" component="dt">
        {props.name}
      </Text>
      <Text component="dd" m={0} fz={{ base: 18, sm: 22 }} fw={650} className="figure">
        {props.isLoading === true ? <Skeleton height={26} my={3} /> : props.children}
      </Text>
    </Paper>
  );
}
