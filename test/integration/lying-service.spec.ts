// A service that keeps the real log and lies over HTTP in every way that it can without the signing
// key: the SDK takes none of it, and says why.
import { base64Of, keysJson, receiptFileText, type Receipt } from '@deltabook/integrity';
import { PacSpace, ReceiptRefusedError, type PacSpaceOptions } from '@deltabook/sdk';
import { chainOf } from '../support/key-chain';
import { failureOf, SDK_KEY } from '../support/scripted-client';
import { startScriptedServer, type ScriptedServer } from '../support/scripted-server';
import type { History, Signer } from '../support/sealed-log';
import {
  historyOf,
  LIAR,
  LIES,
  logOf,
  OTHERS,
  receiptOf,
  SIGNER,
  spliced,
  WHOLE,
  type Entry,
} from '../support/told-history';

const KEYS_PATH = '/.well-known/deltabook-keys';
const ENTRIES = [5, -3, 5, 7].map((amount, i): Entry => {
  return { amount, minute: i, reason: `reason ${i}` };
});
const honest = historyOf(ENTRIES);
const truth = logOf(honest, SIGNER);
const trustedKeys = [base64Of(SIGNER.publicKey)];

/** What the service answers now. */
let told: { receipt: Receipt; keys: readonly Signer[] };
let server: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer(({ url }) => ({
    body: url.startsWith(KEYS_PATH)
      ? keysJson(chainOf(...told.keys))
      : receiptFileText(told.receipt),
  }));
});
afterAll(() => server.stop());

async function refusalOf(
  receipt: Receipt,
  keys: readonly Signer[] = [SIGNER],
  options: PacSpaceOptions = { trustedKeys },
): Promise<string> {
  told = { receipt, keys };
  const pac = new PacSpace({ apiKey: SDK_KEY, baseUrl: server.baseUrl, ...options });
  const error = await failureOf(pac.balance.receiptFile('alice'));
  expect(error).toBeInstanceOf(ReceiptRefusedError);
  return error.code;
}

it('what is true is taken', async () => {
  told = { receipt: receiptOf(honest, truth), keys: [SIGNER] };
  const pac = new PacSpace({ apiKey: SDK_KEY, baseUrl: server.baseUrl, trustedKeys });
  const { proven } = await pac.balance.receiptFile('alice');
  expect(proven?.deltas.map(({ leaf }) => leaf.delta)).toEqual(['5', '-3', '5', '7']);
});

/** Every way in which a told history can be dressed up, and why it is not taken. */
const DRESSES: readonly [string, (forged: History) => Receipt, string][] = [
  [
    'under the honest seal',
    (forged) => {
      const { seal, sealProof } = receiptOf(honest, truth);
      return { ...receiptOf(forged, logOf(forged, LIAR)), seal, sealProof };
    },
    'NOT_IN_TREE',
  ],
  [
    'under a forged seal',
    (forged) => {
      const { sealProof } = receiptOf(honest, truth);
      return { ...receiptOf(forged, logOf(forged, LIAR)), sealProof };
    },
    'NOT_IN_LOG',
  ],
  ['in a forged log', (forged) => receiptOf(forged, logOf(forged, LIAR)), 'UNTRUSTED_KEY'],
  [
    'under a borrowed signature',
    (forged) => {
      const receipt = receiptOf(forged, logOf(forged, LIAR));
      return { ...receipt, sealProof: { ...receipt.sealProof, logHead: spliced(honest, receipt) } };
    },
    'BAD_SIGNATURE',
  ],
];

describe.each(Object.entries(LIES))('%s', (_, lie) => {
  it.each(DRESSES)('%s is not taken', async (_dress, dressed, code) => {
    for (const at of ENTRIES.keys()) {
      expect(await refusalOf(dressed(historyOf(lie(ENTRIES, at))))).toBe(code);
    }
  });
});

it('a part of the truth is not taken for the whole', async () => {
  const part = truth.log.receipt(honest, truth.index, honest.deltas(1, 3, true), WHOLE);
  expect(await refusalOf(part)).toBe('PERIOD_INCOMPLETE');
});

it('a delta is not taken for the period that was asked for', async () => {
  expect(await refusalOf(receiptOf(honest, truth, 2))).toBe('OTHER_PERIOD');
});

it('a key of the liar’s own is not taken, by who trusts a key or has seen one', async () => {
  const forged = historyOf(ENTRIES.slice(1));
  const receipt = receiptOf(forged, logOf(forged, LIAR));
  expect(await refusalOf(receipt, [LIAR])).toBe('NOT_LINKED');
  const pins: string[] = [];
  const keyPins = { read: () => pins, write: (keys: readonly string[]) => void pins.push(...keys) };
  told = { receipt: receiptOf(honest, truth), keys: [SIGNER] };
  const pac = new PacSpace({ apiKey: SDK_KEY, baseUrl: server.baseUrl, keyPins });
  await pac.balance.receiptFile('alice');
  expect(await refusalOf(receipt, [LIAR], { keyPins })).toBe('NOT_LINKED');
});

it('a history of somebody else is not taken by who says whose it must be', async () => {
  const others = historyOf(ENTRIES, OTHERS);
  told = { receipt: receiptOf(others, logOf(others, SIGNER)), keys: [SIGNER] };
  const pac = new PacSpace({ apiKey: SDK_KEY, baseUrl: server.baseUrl, trustedKeys });
  const { reference } = honest;
  const error = await failureOf(pac.balance.receiptFile('alice', { reference }));
  expect(error).toMatchObject({ code: 'OTHER_CUSTOMER' });
});
