// How the service is: for operators' keys.
import { Container, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactElement } from 'react';

export function SystemPage(): ReactElement {
  useDocumentTitle('System · Deltabook');
  return (
    <Container size="xl" py="lg">
      <Title order={1} size="h2">
        System
      </Title>
    </Container>
  );
}
