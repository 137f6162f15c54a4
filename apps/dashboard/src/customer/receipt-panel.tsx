// The receipt of a customer, and its verification by this browser.
import { Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';

export function ReceiptPanel({ customerId }: { readonly customerId: string }): ReactElement {
  return (
    <Stack>
      <Text>{customerId}</Text>
    </Stack>
  );
}
