// Which activity is shown: by status, reason and date.
import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState, type ReactElement } from 'react';

export interface ActivityFilter {
  readonly status: string;
  readonly reason: string;
  /** YYYY-MM-DD, the first day shown. */
  readonly from: string;
  /** YYYY-MM-DD, the last day shown. */
  readonly to: string;
}

export const NO_FILTER: ActivityFilter = { status: '', reason: '', from: '', to: '' };

const STATUSES = ['queued', 'processing', 'verified', 'failed'] as const;
const TYPING_PAUSE_MS = 200;
const REASON_LENGTH_MAX = 500;
const DAY_MS = 86_400_000;

/** The filter as the service takes it: days in UTC, the end exclusive. */
export function queryOf({ status, reason, from, to }: ActivityFilter): {
  readonly status?: string;
  readonly reason?: string;
  readonly startDate?: string;
  readonly endDate?: string;
} {
  const dayAfter = to === '' ? '' : new Date(Date.parse(to) + DAY_MS).toISOString().slice(0, 10);
  return {
    ...(status !== '' && { status }),
    ...(reason !== '' && { reason }),
    ...(from !== '' && { startDate: from }),
    ...(dayAfter !== '' && { endDate: dayAfter }),
  };
}

export function ActivityFilters(props: {
  readonly filter: ActivityFilter;
  readonly onChange: (change: Partial<ActivityFilter>) => void;
}): ReactElement {
  const { filter, onChange } = props;
  const [reason, setReason] = useState(filter.reason);
  const choose = useDebouncedCallback(
    (text: string) => onChange({ reason: text }),
    TYPING_PAUSE_MS,
  );
  const isFiltered = Object.values(filter).some((value) => value !== '');
  const day = (name: 'from' | 'to', label: string): ReactElement => (
    <TextInput
      type="date"
      label={label}
      value={filter[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <Group gap="sm" align="end" role="group" aria-label="Filter activity">
      <Select
        label="Status"
        placeholder="Any"
        data={[...STATUSES]}
        value={filter.status === '' ? null : filter.status}
        onChange={(status) => onChange({ status: status ?? '' })}
        clearable
        w={140}
      />
      <TextInput
        label="Reason contains"
        value={reason}
        maxLength={REASON_LENGTH_MAX}
        onChange={(event) => {
          setReason(event.currentTarget.value);
          choose(event.currentTarget.value);
        }}
      />
      {day('from', 'From (UTC)')}
      {day('to', 'To (UTC)')}
      {isFiltered && (
        <Button
          variant="subtle"
          onClick={() => {
            setReason('');
            onChange(NO_FILTER);
          }}
        >
          Clear
        </Button>
      )}
    </Group>
  );
}
