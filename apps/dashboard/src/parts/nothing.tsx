// An empty place, and why it is empty.
import { Center, Stack, Text, Title } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

export function Nothing(props: {
  readonly title: string;
  readonly children?: ReactNode;
}): ReactElement {
  return (
    <Center py={48} px="md">
      <Stack gap={6} align="center" ta="center" maw={420}>
        <Title order={2} size="h4">
          {props.title}
        </Title>
        <Text c="dimmed" component="div">
          {props.children}
        </Text>
      </Stack>
    </Center>
  );
}
