// Checks a receipt file that the reader has, whoever gave it.
import { FileInput, Paper, Stack, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { checkReceipt } from '../receipts/check-receipt';
import { useSession } from '../session/session-context';
import { ReceiptChecked } from './receipt-checked';

export function ReceiptFileCheck(): ReactElement {
  const session = useSession();
  const check = useMutation({
    mutationFn: (file: File) => checkReceipt(session, { kind: 'file', file }),
  });
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="check-a-file">
      <Stack>
        <Title order={2} size="h5" id="check-a-file">
          Check a receipt file
        </Title>
        <FileInput
          label="Receipt file"
          placeholder="Choose a .tlog-proof or .json file"
          accept=".tlog-proof,.json,.txt"
          clearable
          maw={420}
          onChange={(file) => (file === null ? check.reset() : check.mutate(file))}
        />
        <ReceiptChecked receipt={check.data?.proven} error={check.error} />
      </Stack>
    </Paper>
  );
}
