// The chart itself, loaded when the first one is shown.
import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import type { DerivedDelta } from '@deltabook/sdk';
import { useEffect, useMemo, useState, type ReactElement } from 'react';
import UPlot from 'uplot';

const MS_PER_SECOND = 1_000;
const LINE = { light: '#0a6659', dark: '#46b19d' } as const;
const FILL = { light: '#0a665918', dark: '#46b19d22' } as const;
const TEXT = { light: '#495057', dark: '#b8b8b8' } as const;
const GRID = { light: '#e9ecef', dark: '#33373d' } as const;

type Scheme = keyof typeof LINE;

function optionsOf(scheme: Scheme, width: number, height: number): UPlot.Options {
  const axis = { stroke: TEXT[scheme], grid: { stroke: GRID[scheme] }, ticks: { show: false } };
  const { stepped } = UPlot.paths;
  return {
    width,
    height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: true } },
    axes: [axis, { ...axis, size: 76 }],
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

/** Figures of a chart are drawn, not reckoned with: here alone doubles stand for amounts. */
function pointsOf(deltas: readonly DerivedDelta[]): UPlot.AlignedData {
  return [
    deltas.map(({ recordedAt }) => Date.parse(recordedAt) / MS_PER_SECOND),
    deltas.map(({ computedBalance }) => computedBalance),
  ];
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
    const chart = new UPlot(optionsOf(scheme, width, height), points, place);
    return () => chart.destroy();
  }, [place, width, height, scheme, points]);
  return <div ref={ref} style={{ height }} />;
}
