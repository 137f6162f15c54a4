import { Admission } from './admission';

const anAdmission = (): Admission =>
  new Admission({
    pendingCountMax: 10,
    pendingBytesMax: 1_000,
    tenantShareMax: 0.5,
  });

describe('admission', () => {
  it('lets in until the count or the bytes are reached, and again once something left', () => {
    const admission = anAdmission();
    for (let i = 0; i < 5; i += 1) {
      admission.enter('a', 1);
      admission.enter('b', 1);
    }
    expect(admission.refusal('c', 1, 1)).toBe('SERVICE_OVERLOADED');
    admission.leave('a', 1);
    expect(admission.refusal('c', 1, 1)).toBeUndefined();
    expect(admission.refusal('c', 1, 992)).toBe('SERVICE_OVERLOADED');
  });

  it('gives one tenant no more than its share', () => {
    const admission = anAdmission();
    for (let i = 0; i < 5; i += 1) admission.enter('flood', 1);
    expect(admission.refusal('flood', 1, 1)).toBe('TENANT_OVERLOADED');
    expect(admission.refusal('quiet', 1, 1)).toBeUndefined();
  });

  it('counts a whole batch before any of it enters', () => {
    expect(anAdmission().refusal('a', 11, 1)).toBe('SERVICE_OVERLOADED');
  });

  it('drains: refuses the new and resolves when the last accepted is answered', async () => {
    const admission = anAdmission();
    admission.enter('a', 1);
    let drained = false;
    const drain = admission.drain().then(() => {
      drained = true;
    });
    expect(admission.refusal('a', 1, 1)).toBe('SHUTTING_DOWN');
    await Promise.resolve();
    expect(drained).toBe(false);
    admission.leave('a', 1);
    await drain;
    expect(drained).toBe(true);
  });
});
