// The receipt of a customer, of its whole history or of a month, and the check of any other. Green
// is only what this browser has checked itself, from the bytes of the file that it hands out.
import { Button, Group, SegmentedControl, Skeleton, Stack, TextInput } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { DownloadIcon } from '../parts/icons';
import { fileName, saveFile } from '../parts/save-file';
import { checkReceipt } from '../receipts/check-receipt';
import type { CheckedReceipt } from '../receipts/receipt-job';
import { useSession } from '../session/session-context';
import { customerKey } from './customer-key';
import { ReceiptChecked } from './receipt-checked';
import { ReceiptFileCheck } from './receipt-file-check';

const MONTH_LENGTH = 7;
/** Longer histories are shown month by month, unless the whole is asked for. */
const WHOLE_DELTAS_MAX = 1_000;

interface Scope {
  readonly isWhole: boolean;
  /** YYYY-MM. */
  readonly month: string;
}

function ScopeChoice(props: {
  readonly scope: Scope;
  readonly onChange: (scope: Scope) => void;
}): ReactElement {
  const { scope, onChange } = props;
  return (
    <Group align="end" gap="sm">
      <SegmentedControl
        aria-label="What the receipt is of"
        data={[
          { value: 'whole', label: 'Whole history' },
          { value: 'month', label: 'One month' },
        ]}
        value={scope.isWhole ? 'whole' : 'month'}
        onChange={(value) => onChange({ ...scope, isWhole: value === 'whole' })}
      />
      {!scope.isWhole && (
        <TextInput
          type="month"
          aria-label="Month (UTC)"
          value={scope.month}
          onChange={(event) => onChange({ ...scope, month: event.currentTarget.value })}
        />
      )}
    </Group>
  );
}

function Outcome({ query }: { readonly query: UseQueryResult<CheckedReceipt> }): ReactElement {
  const { data, error, isLoading } = query;
  if (isLoading) return <Skeleton height={180} />;
  return <ReceiptChecked receipt={error === null ? data?.proven : undefined} error={error} />;
}

export function ReceiptPanel(props: {
  readonly customerId: string;
  readonly totalDeltas: number;
}): ReactElement {
  const { customerId, totalDeltas } = props;
  const session = useSession();
  const [scope, setScope] = useState<Scope>(() => ({
    isWhole: totalDeltas <= WHOLE_DELTAS_MAX,
    month: new Date().toISOString().slice(0, MONTH_LENGTH),
  }));
  const query = useQuery({
    queryKey: customerKey(customerId, 'receipt', scope.isWhole ? {} : { month: scope.month }),
    enabled: scope.isWhole || scope.month !== '',
    queryFn: ({ signal }) => {
      const options = scope.isWhole ? {} : { period: scope.month };
      return checkReceipt(session, { kind: 'fetch', customerId, options }, signal);
    },
  });
  const { data, isFetching, refetch } = query;
  const ending = `-${scope.isWhole ? 'all' : scope.month}.tlog-proof`;
  return (
    <Stack>
      <Group justify="space-between" align="end">
        <ScopeChoice scope={scope} onChange={setScope} />
        <Group gap="xs">
          <Button variant="default" loading={isFetching} onClick={() => void refetch()}>
            Check again
          </Button>
          <Button
            leftSection={<DownloadIcon />}
            disabled={data === undefined}
            onClick={() => data && saveFile(fileName(customerId, ending), data.file)}
          >
            Download receipt
          </Button>
        </Group>
      </Group>
      <Outcome query={query} />
      <ReceiptFileCheck />
    </Stack>
  );
}
