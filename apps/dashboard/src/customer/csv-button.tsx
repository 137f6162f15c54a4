// Downloads the activity that is shown, all of it, as CSV; long ones show how far they are.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { countText } from '../parts/amount';
import { DownloadIcon } from '../parts/icons';
import { fileName, saveFile } from '../parts/save-file';
import { useClient } from '../session/session-context';
import { CSV_HEAD, csvLine } from './csv';

const PER_PAGE = 100;
const CSV_TYPE = 'text/csv;charset=utf-8';
/** Rows after which the count on the button changes. */
const REPORT_EVERY = 500;

export function CsvButton(props: {
  readonly customerId: string;
  readonly query: object;
}): ReactElement {
  const { customerId, query } = props;
  const client = useClient();
  const running = useRef<AbortController>(null);
  const [rowCount, setRowCount] = useState<number>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => () => running.current?.abort(), []);

  const download = async (signal: AbortSignal): Promise<void> => {
    const lines = [CSV_HEAD];
    const options = { ...query, deltaLimit: PER_PAGE, signal };
    for await (const item of client.balance.customer(customerId, options)) {
      lines.push(csvLine(item));
      if (lines.length % REPORT_EVERY === 0) setRowCount(lines.length);
    }
    saveFile(fileName(customerId, '.csv'), new Blob(lines, { type: CSV_TYPE }));
  };

  const toggle = (): void => {
    if (running.current !== null) return running.current.abort();
    const controller = new AbortController();
    running.current = controller;
    setRowCount(0);
    setProblem(undefined);
    download(controller.signal)
      .catch((error: Error) => {
        if (!controller.signal.aborted) setProblem(error.message);
      })
      .finally(() => {
        running.current = null;
        setRowCount(undefined);
      });
  };

  return (
    <Button variant="default" size="sm" leftSection={<DownloadIcon />} onClick={toggle}>
      {rowCount === undefined ? (problem ?? 'CSV') : `Stop (${countText(rowCount)} rows)`}
    </Button>
  );
}
