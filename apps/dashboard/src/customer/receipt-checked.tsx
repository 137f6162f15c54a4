// What came of checking a receipt in this browser: what it proves, or why it proves nothing.
import { Alert, Code, Stack, Table, Text } from '@mantine/core';
import { PacSpaceError, ReceiptRefusedError } from '@deltabook/sdk';
import type { ReactElement, ReactNode } from 'react';
import { Amount, countText } from '../parts/amount';
import { HashText } from '../parts/customer-reference';
import { Failure } from '../parts/failure';
import { Moment } from '../parts/moment';
import type { ProvenFacts } from '../receipts/receipt-job';

type Fact = readonly [name: string, value: ReactNode];

function factsOf(facts: ProvenFacts): readonly Fact[] {
  const { seal, logHead, period, deltaCount, first, last } = facts;
  const amounts: readonly Fact[] = period
    ? [
        ['Deltas', `${countText(deltaCount)}, none is missing`],
        ['Opening balance', <Amount key="opening" decimal={period.opening} />],
        ['Change', <Amount key="change" decimal={period.netChange} signed />],
        ['Closing balance', <Amount key="closing" decimal={period.closing} />],
      ]
    : [
        ['Delta', <Amount key="delta" decimal={first?.leaf.delta ?? '0'} signed />],
        ['Balance after', <Amount key="balance" decimal={first?.leaf.balance ?? '0'} />],
      ];
  return [
    ['Customer', <HashText key="reference" value={seal.reference} name="proven reference" />],
    ...amounts,
    ...(last === undefined
      ? []
      : [['Proof root', <HashText key="root" value={last.receiptId} name="proof root" />] as Fact]),
    ['Sealed', <Moment key="sealed" time={seal.sealedAt} />],
    ['Signed log', `${logHead.origin}, ${countText(logHead.size)} seals`],
  ];
}

function Proven({ receipt }: { readonly receipt: ProvenFacts }): ReactElement {
  return (
    <Alert color="ledger" variant="light" title="Verified by this browser" role="status">
      <Stack gap="xs">
        <Text size="sm">
          The signature, the seal in the log and every delta were checked here, from the bytes of
          the file, and with the public key that this browser saw first.
        </Text>
        <Table withRowBorders={false} verticalSpacing={2} aria-label="What the receipt proves">
          <Table.Tbody>
            {factsOf(receipt).map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" w={160} fw={500}>
                  {name}
                </Table.Th>
                <Table.Td className="anywhere">{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
    </Alert>
  );
}

export function ReceiptChecked(props: {
  readonly receipt: ProvenFacts | undefined;
  readonly error: Error | null;
}): ReactElement | null {
  const { receipt, error } = props;
  if (error instanceof ReceiptRefusedError) {
    return (
      <Alert color="red" title="Refused: this receipt proves nothing" role="alert">
        <Text size="sm">
          {error.message} <Code>{error.code}</Code>
        </Text>
      </Alert>
    );
  }
  if (error instanceof PacSpaceError && error.code === 'NOT_VERIFIED_YET') {
    return (
      <Alert color="gray" title="Nothing to prove yet">
        What this receipt would be of is not verified yet: check again in a moment.
      </Alert>
    );
  }
  if (error !== null) return <Failure error={error} />;
  return receipt === undefined ? null : <Proven receipt={receipt} />;
}
