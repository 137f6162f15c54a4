/** What was not accepted: a reason from a closed list for programs, a sentence for people. */
export interface Refusal<Reason extends string> {
  readonly ok: false;
  readonly reason: Reason;
  readonly problem: string;
}

export function refusal<Reason extends string>(reason: Reason, problem: string): Refusal<Reason> {
  return { ok: false, reason, problem };
}
