// The chart itself, loaded when the first one is shown.
import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import type { DerivedDelta } from '@deltabook/sdk';
import { useEffect, useMemo, useState, type ReactElement } from 'react';
import UPlot from 'uplot';

const MS_PER_SECOND = 1_000;
const SPAN_SECONDS_MIN = 60;
const LINE = { light: '#0a6659', dark: '#46b19d' } as const;
const FILL = { light: '#0a665918', dark: '#46b19d22' } as const;
const TEXT = { light: '#495057', dark: '#b8b8b8' } as const;
const GRID = { light: '#e9ecef', dark: '#33373d' } as const;

type Scheme = keyof typeof LINE;
type Size = Pick<UPlot.Options, 'width' | 'height'>;

/** Deltas have no halves. */
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

function optionsOf(scheme: Scheme, size: Size, areByTime: boolean): UPlot.Options {
  const axis = { stroke: TEXT[scheme], grid: { stroke: GRID[scheme] }, ticks: { show: false } };
  const { stepped } = UPlot.paths;
  return {
    ...size,
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: areByTime } },
    axes: [areByTime ? axis : { ...axis, incrs: WHOLE_STEPS }, { ...axis, size: 76 }],
    series: [
      {},
      {
        stroke: LINE[scheme],
        fill: FILL[scheme],
        width: 2,
        points: { show: false },
        ...(stepped && { paths: stepped({ align: 1 }) }),
      },
    ],
  };
}

interface Points {
  /** Else they are by the number of the delta. */
  readonly areByTime: boolean;
  readonly values: UPlot.AlignedData;
}

/** Figures of a chart are drawn, not reckoned with: here alone doubles stand for amounts. */
function pointsOf(deltas: readonly DerivedDelta[]): Points {
  const seconds = (text: string): number => Date.parse(text) / MS_PER_SECOND;
  const times = [
    deltas.map(({ time }) => seconds(time)),
    deltas.map(({ recordedAt }) => seconds(recordedAt)),
  ].find(isTimeLine);
  const places = times ?? deltas.map(({ sequenceNumber }) => sequenceNumber);
  const balances = deltas.map(({ computedBalance }) => computedBalance);
  return { areByTime: times !== undefined, values: [places, balances] };
}

/** Times that never step back, and are not all about the same: others would draw no line. */
function isTimeLine(times: readonly number[]): boolean {
  const first = times[0] ?? 0;
  const isForward = times.every((time, at) => at === 0 || time >= (times[at - 1] ?? 0));
  return isForward && (times.at(-1) ?? 0) - first >= SPAN_SECONDS_MIN;
}

export function BalanceChart(props: {
  readonly deltas: readonly DerivedDelta[];
  readonly height: number;
}): ReactElement {
  const { deltas, height } = props;
  const { ref: measured, width } = useElementSize<HTMLDivElement>();
  const [place, setPlace] = useState<HTMLDivElement | null>(null);
  const ref = useMergedRef(measured, setPlace);
  const scheme = useComputedColorScheme('light');
  const points = useMemo(() => pointsOf(deltas), [deltas]);
  useEffect(() => {
    if (place === null || width === 0) return undefined;
    const chart = new UPlot(
      optionsOf(scheme, { width, height }, points.areByTime),
      points.values,
      place,
    );
    return () => chart.destroy();
  }, [place, width, height, scheme, points]);
  return <div ref={ref} style={{ height }} />;
}
