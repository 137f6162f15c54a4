import { traceIdOf, traceparentOf } from './trace-context';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

it('passes a trace id through', () => {
  expect(traceIdOf(`00-${TRACE_ID}-00f067aa0ba902b7-00`)).toBe(TRACE_ID);
  const sent = traceparentOf(TRACE_ID, '00f067aa-0ba9-02b7-0000-000000000000');
  expect(sent).toBe(`00-${TRACE_ID}-00f067aa0ba902b7-01`);
});

it.each(['', `01-${TRACE_ID}-00f067aa0ba902b7-00`, `00-${'0'.repeat(32)}-00f067aa0ba902b7-00`])(
  'takes %j for no trace',
  (text) => {
    expect(traceIdOf(text)).toBeUndefined();
  },
);

it('sends no traceparent for other correlation ids', () => {
  expect(traceparentOf('deltas:0:1', '00f067aa-0ba9-02b7-0000-000000000000')).toBeUndefined();
});
