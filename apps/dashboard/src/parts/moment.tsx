// A time: in the reader's words and zone, exact in UTC when pointed at.
import type { ReactElement } from 'react';

const FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function momentText(time: string): string {
  return FORMAT.format(new Date(time));
}

export function Moment({ time }: { readonly time: string | null }): ReactElement {
  if (time === null) return <span>never</span>;
  return (
    <time dateTime={time} title={time} className="moment">
      {momentText(time)}
    </time>
  );
}
